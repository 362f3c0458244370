// Prose: text that refers to facts instead of holding numbers, and its resolution into pieces.
//
//   "{{arm:n1.gelu}} reached {{n1.gelu.mean}}, {{direction:n1.contrast.mean|more|less}} than {{arm:n1.relu}}."
//
// resolve() replaces each reference by what the ledger says and refuses what cannot be true by
// construction: a digit written by hand, a reference to nothing, a value of one arm after the name
// of another, a contrast whose arms were not named, treatment first, in the same sentence.
#pragma once

#include <aisci/status.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "research/facts.hpp"

namespace aisci {

// What text may refer to.
struct Referents {
  Facts facts;
  std::map<std::string, std::string> arms;      // "n1.gelu" -> "GELU"
  std::map<std::string, std::string> labels;    // "activation.gelu" -> "GELU"
  std::map<std::string, std::string> verdicts;  // "c1" -> "refuted"
  std::set<std::string> citations;              // keys of retrieved records
  std::map<std::string, int> figures;           // id -> number, in the order of the paper
  std::map<std::string, int> tables;
};

struct Piece {
  enum class Kind { kText, kValue, kMath, kCite, kReference };
  Kind kind = Kind::kText;
  std::string text;               // what is printed (for kMath as AsciiMath, for the last two what stands for it)
  std::string fact;               // kValue: the name it resolved
  std::vector<std::string> keys;  // kCite
  std::string target;             // kReference: "figure:f1"
  bool textual = false;           // kCite: part of the sentence, "Picard (2021)", and not beside it, "(Picard, 2021)"
};

using Pieces = std::vector<Piece>;

// Resolves one text. Every problem found is appended to `problems` as "PLACE: what, where in the text".
Pieces resolve(std::string_view text, const Referents& referents, std::string_view place,
               std::vector<std::string>& problems);

// Pieces as the writer gets them: {"text"}, {"value", "fact"}, {"math"}, {"cite": [], "form"?}, {"ref", "kind"}.
json::array to_json(const Pieces& pieces);
// What a reader would see, references as "[key]" and "Figure 1".
std::string plain(const Pieces& pieces);

}  // namespace aisci
