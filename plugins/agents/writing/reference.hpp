// Text with references, taken apart: what stands between "{{" and "}}", and what it prints.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::writing {

struct Part {
  std::string text;                  // literal text, or a reference's inside
  std::string kind;                  // "" for literal text; "value" when a reference names none
  std::string target;                // what it refers to
  std::vector<std::string> options;  // after each "|"
  bool broken = false;               // a reference that is not closed

  std::vector<std::string> keys() const;  // of a citation
};

std::vector<Part> parts_of(std::string_view text);
std::vector<std::string> sentences_of(std::string_view text);
// Behind the last end of a sentence that literal text holds; 0 when it holds none.
std::size_t end_of_sentence(std::string_view literal);

// Ids of a paper's blocks of a type, figure or table.
std::set<std::string> blocks_of(const json::object& paper, std::string_view type);

// What a reference prints; "" when it refers to nothing.
std::string shown(const Part& part, const json::object& paper, const json::object& study);

}  // namespace aisci::writing
