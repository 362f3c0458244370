// The vocabulary with which questions are read: what phrases mean the same, and names that are recognised so that a
// question about them can be refused by name. It says nothing about which of them is better.
//
// Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisci::offline {

struct Synonym {
  std::string phrase;          // folded
  std::string_view canonical;  // English
};
// Longest phrase first.
const std::vector<Synonym>& glossary();

struct KnownName {
  std::string phrase;      // folded
  std::string_view kind;   // "activation function", "data set", "subject", "measure" ...
  std::string_view shown;  // as people write it
};
// Names of things that some study could be about. A template that offers one claims it before this list is asked.
const std::vector<KnownName>& known_names();

// Words that are never the name of an arm.
bool is_plain_word(std::string_view token);

}  // namespace aisci::offline
