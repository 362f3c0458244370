// The second held-out set in its parts.
#pragma once

#include "integration/sabotage/bundle.hpp"

namespace aisci::sabotage {

using Entries = std::vector<std::string>;
using Study = json::object;

std::vector<Sabotage> second_evidence_and_design();
std::vector<Sabotage> second_record();
std::vector<Sabotage> second_words();

// "@T", "@B" and "@C" stand for treatment, baseline and name of a claim; where a verdict stands, of one that has it.
struct Honest {
  const char* section;
  const char* verdict;
  const char* sentence;
};
const std::vector<Honest>& second_honest_sentences();

// A sentence of a saboteur's: "@W" and "@L" stand for the better and the worse arm as well. kSearch is about a node
// that no claim was made of, kOpen about an inconclusive claim, kSmall about one whose interval holds no effect that
// matters.
enum class About { kWhole, kClaim, kNotSupported, kOpen, kSearch, kSmall };
struct Said {
  const char* name;
  About about;
  const char* where;
  const char* sentence;
  std::vector<std::string> rules;
};
std::vector<Sabotage> sabotages_of(const std::vector<Said>& sentences);  // which must live on

// Sentences that were written before the rules were changed for the second set.
const std::vector<Said>& third_sentences();
const std::vector<Honest>& third_honest_sentences();
// And when that had been done.
const std::vector<Said>& fourth_sentences();
const std::vector<Honest>& fourth_honest_sentences();

// 18 finished studies of other questions than clean_bundles(), made once; and the same, each with five sentences that
// an honest author might have written.
const std::vector<Bundle>& second_clean_bundles();
std::vector<Bundle> honest_bundles(const std::vector<Honest>& sentences);

// The first claim that is a difference, of a verdict; null when there is none.
json::object* plain_claim(Study& study, const std::string& verdict = "");

}  // namespace aisci::sabotage
