// What a question says that something does: that it helps or harms, and where it does so more. "Does label noise hurt
// random forests more than linear models?" speaks of label noise, says that it harms, and that random forests are
// harmed most.
//
// Since 0.1.
#pragma once

#include <string_view>

#include "question_reading.hpp"

namespace aisci::offline {

// A word that tells of an effect. Of "forests suffer more than linear models" the first is told to react more strongly,
// of "are more robust" less strongly; both mean that what acts on them is harmful.
struct EffectWord {
  std::string_view stem;
  int worth = 0;      // +1: what acts is said to help; -1: to harm; 0: neither
  int intensity = 1;  // -1: more of it is less of an effect
  bool acts = false;  // the thing named before it is what acts ("X helps A"); else what it acts on ("A suffers from X")
};
// Null when the word tells of none.
const EffectWord* effect_word(std::string_view word);

// Fills reading.subject, reading.larger_at and, where no names are ordered, reading.comparison.
void read_effects(const Wording& wording, Reading& reading);

}  // namespace aisci::offline
