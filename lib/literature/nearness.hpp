// How near texts are, how several rankings become one, and how novel a statement is.
//
//   nearness(vector_of("weight normalisation"), vector_of("Weight Normalization"))   // near 1
//   fused({users, found}, 10)               // two lists of records, each best first, as one without duplicates
//   novelty_of("GELU exceeds ReLU ...", records)->value   // 1 - the nearness of the nearest title or statement
//
// A vector counts the character 3- to 5-grams of a text's words, hashed with a sign into 512 numbers (Weinberger et
// al., Feature Hashing for Large Scale Multitask Learning, ICML 2009), without the commonest words of English. It knows
// spelling and no meaning: "normalisation" is near "normalization" and far from "standardising". Rankings are joined by
// reciprocal rank fusion with constant 60 (Cormack, Clarke and Buettcher, SIGIR 2009).
//
// Since 0.1.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

constexpr std::size_t kVectorSize = 512;
using TextVector = std::array<float, kVectorSize>;  // of length 1, or all zero for a text without words

TextVector vector_of(std::string_view text);
// The cosine: -1..1.
double nearness(const TextVector& a, const TextVector& b);

// What a record is about, as one text: its title, themes and statements.
std::string text_of_record(const json::object& record);

// Up to k records of several rankings, each paper once. Records of one paper are merged (record.hpp); of two papers
// with one key the one met first stays, in the order of the lists. One list comes back in its own order.
std::vector<json::object> fused(const std::vector<std::vector<json::object>>& rankings, std::size_t k);

struct Novelty {
  double value = 1.0;     // 0 published .. 1 nothing near, in steps of 0.01
  std::string nearest;    // the key of the nearest record
  std::string statement;  // its title or statement that is nearest
};
// No value without records: what was not looked for cannot be called new.
std::optional<Novelty> novelty_of(std::string_view statement, const std::vector<json::object>& records);

// Below this a statement counts as published. No statement falls below it for being near alone: it must be the same
// words in the same order, up to spelling and endings.
constexpr double kPublished = 0.1;

}  // namespace aisci
