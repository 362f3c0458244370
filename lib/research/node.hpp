// What a study knows about its nodes and claims while it runs. The ledger is the record; these are
// rebuilt from it by running the flow.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "research/crew.hpp"
#include "research/evidence.hpp"
#include "research/plan.hpp"
#include "research/retry.hpp"
#include "research/search_tree.hpp"
#include "research/trials.hpp"

namespace aisci {

struct Node {
  std::string id;      // "n1"; in the order of creation
  std::string parent;  // "" below the root
  int depth = 1;
  std::string stage = "research";
  json::object hypothesis;
  Plan plan;
  std::vector<std::uint64_t> seeds;  // of its blocks, in order
  std::vector<ScoredTrial> trials;
  std::optional<Evidence> evidence;
  std::optional<NodeScore> score;
  json::object score_parts;
  std::string failure;  // why it has no evidence; "" when it has
  int experiments = 0;
  bool late = false;                 // a reviewer asked for it when the confirmation was over
  std::vector<Retry> retries;        // of its experiments, in order
  std::optional<NodeBelief> belief;  // of the search, at its end
};

struct Claim {
  std::string id;  // "c1"
  std::string node;
  json::object hypothesis;
  Plan plan;          // as locked
  int n = 0;          // blocks
  double power = 0;   // to detect the smallest effect of interest with n blocks
  double spread = 0;  // sd of block contrasts the power was computed from
  std::vector<ScoredTrial> trials;
  std::optional<Evidence> evidence;  // interval at 1 - alpha
  double alpha = 0.05;               // after Holm
  double holm_p = 1;
  std::string verdict;  // "" until decided
  std::string failure;
  std::vector<Retry> retries;
};

// The contrast's interval turned to the predicted direction: positive is as predicted.
struct Interval {
  double mean = 0, lower = 0, upper = 0;
};
Interval towards_prediction(const ContrastEvidence& contrast, int predicted_sign);

// Decides all claims together: Holm's steps over the paired tests fix each claim's alpha, its interval at that
// alpha the verdict. Sets alpha, holm_p, evidence and verdict; a claim without evidence is "inconclusive".
void decide(std::vector<Claim>& claims, double family_alpha);

// How a decided claim would have come out without one of its blocks: each verdict with the blocks (by their place)
// whose absence leads to it, all at the claim's own alpha. {{"inconclusive", {0, ..., 12}}, {"equivalent", {13}}}: the
// last block keeps it open. Empty without evidence, or with fewer than three blocks.
std::map<std::string, std::vector<std::size_t>> verdicts_without_one(const Claim& claim);

// A number of blocks, and the verdict that they would come to.
struct Decision {
  int blocks = 0;
  std::string verdict;
};

// How many blocks in all would decide a claim that stayed inconclusive, were mean and spread of its blocks to stay as
// they are: the fewest whose t interval, at the claim's own alpha, the rule gives another verdict, and the fewest that
// change it again. {{28, "supported"}, {64, "equivalent"}}: a mean clear of zero that is short of the limit comes to
// equivalence once its interval is. It is no plan, since mean and spread of further blocks are not known. Two at most;
// empty for a claim that is decided, has no evidence or no spread, or would take more than a thousand.
std::vector<Decision> decisions_ahead(const Claim& claim);

}  // namespace aisci
