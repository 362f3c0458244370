// Comparing search policies on a problem of one's own, at equal budget.
//
// The problem is a space of configurations, factors with levels, and an evaluator that scores one: a program, a
// function, or a table of scores recorded beforehand. Every policy plays it `repetitions` times with `budget`
// evaluations; what it then publishes is judged by evaluations that no search has seen.
//
//   aisci::SearchSpace space{{{"rate", {"0.1", "0.01"}}, {"layers", {"1", "2", "3"}}}};
//   aisci::ComparisonOptions options;
//   options.budget = 20;
//   auto table = aisci::compare_policies(space, aisci::program_evaluator({"python3", "train.py"}), options);
//   std::cout << aisci::to_text(table.value());
//
// A draft is a configuration drawn uniformly; an improvement changes one factor of its parent or two, equally often; a
// replicate is the same configuration with another seed. Repetition r offers all policies the same: the k-th draft, the
// k-th neighbour of a configuration and the seed of its k-th run are fixed by (seed, r, k) (common random numbers). So
// an evaluation that two policies ask for is made once.
//
// Intervals: 95 %, of the mean over repetitions, BCa bootstrap (statistics/bootstrap.hpp) from 20 repetitions on,
// Student's t below. Differences are taken within repetitions.
//
// Errors: INVALID_ARGUMENT for a space, a policy or an option that makes no sense, and for a score or a cost that a
// search refuses (mcts/search.hpp, Outcome); NOT_FOUND when the evaluator cannot be started, DATA_LOSS when what it
// prints is no score, FAILED_PRECONDITION when its first ten evaluations all fail; CANCELLED. What was evaluated until
// then is in the journal, if there is one. An evaluator that throws has failed for that configuration and seed,
// whatever `parallel` is, and counts among the ten; what `tell` throws ends the comparison and comes out of it.
// Threads: compare_policies() blocks; the evaluator and `tell` are called from `parallel` threads of its own at once.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace aisci {

struct SearchFactor {
  std::string name;
  std::vector<std::string> levels;  // JSON texts: "0.1", "\"adam\"", "true"
};

struct SearchSpace {
  std::vector<SearchFactor> factors;
};

// {"space": {"rate": [0.1, 0.01], "optimizer": ["sgd", "adam"]}}, or the inner object alone.
AISCI_API Result<SearchSpace> read_search_space(const std::filesystem::path& file);

struct Evaluation {
  double score = 0;  // higher is better, on any scale
  double cost = 1;
  bool failed = false;  // no score: the search is told so, and goes on
  std::string failure;  // why
};

// Scores a configuration, {"rate": 0.1, "layers": 2}; the same configuration and seed should give the same score. A
// Status that is not OK ends the comparison. An exception is a failed evaluation, as a program's exit code is, and
// `failure` quotes it.
using Evaluator = std::function<Result<Evaluation>(const std::string& configuration, std::uint64_t seed)>;

struct ProgramLimits {
  double seconds = 3600;                         // of one evaluation; what takes longer is ended and has failed
  const std::atomic<bool>* cancelled = nullptr;  // ends the program under way; must outlive the evaluator
};

// A program, found on PATH, run once an evaluation. It reads one line of JSON from its standard input,
// {"config": {"rate": 0.1, "layers": 2}, "seed": 7}, and gets the same text for an argument that is "{}". The last line
// it prints is {"score": 0.83}, with "cost" if it likes, or a bare number. A score of null or NaN, {"failed": true},
// and an exit code other than 0 are failed evaluations. The seed is below 2^31. What it started ends with it.
AISCI_API Evaluator program_evaluator(std::vector<std::string> command, const ProgramLimits& limits = {});

struct ComparisonOptions {
  std::vector<std::string> policies{"adaptive", "puct", "greedy", "drafts"};  // drafts: random drafts, nothing else
  std::uint32_t budget = 50;                                                  // evaluations of one search
  std::uint32_t repetitions = 40;
  std::uint64_t seed = 0;
  std::uint32_t fresh = 5;  // evaluations, with seeds no search gets, that judge a published configuration
  double failures = 0.2;    // compare_policies_on(): the share of evaluations that fail
  unsigned parallel = 1;    // repetitions at once
  // Evaluations are appended here, a JSON line each, and not made again by a comparison that finds them here: how one
  // that was interrupted goes on. For the same evaluator and space; a file of another space is refused.
  std::filesystem::path journal;
  const std::atomic<bool>* cancelled = nullptr;
  std::function<void(const std::string& line, double share)> tell;  // progress
};

struct PolicyScore {
  std::string policy;
  std::vector<double> values;  // by repetition
  double mean = 0, lower = 0, upper = 0;
  double difference = 0, difference_lower = 0, difference_upper = 0;  // to the first policy; 0 for that one
  // "better" or "worse" than the first policy when the interval of the difference leaves 0 out; else "equal".
  std::string against_first;
  std::uint32_t unpublished = 0;  // repetitions in which no evaluation succeeded; they count as the worst value seen
  double nodes = 0, replicates = 0, failed = 0;  // a repetition, on average
  std::string most_published;                    // the configuration published most often, and by how many repetitions
  std::uint32_t most_published_by = 0;
};

struct Comparison {
  // "score": mean of the fresh evaluations of what was published, higher is better. "regret": see
  // compare_policies_on(); lower is better.
  std::string measure;
  std::uint32_t budget = 0, repetitions = 0;
  std::uint64_t evaluated = 0, reused = 0;  // evaluations made, and taken from the journal or from another policy
  std::vector<PolicyScore> policies;        // in the order asked for
};

AISCI_API Result<Comparison> compare_policies(const SearchSpace& space, const Evaluator& evaluator,
                                              const ComparisonOptions& options);

// On recorded scores, a file of the format aisci-landscape/1: {"format": "aisci-landscape/1", "space": {factor:
// [levels]}, "rows": [{"config": [index of each level], "val": [score by seed]}]}. A draft is a random row, an
// improvement a random row within Hamming distance 2, a score one of the first half of the seeds. The measure is the
// regret of the published row by its mean over the other half: 0 is the mean of the top hundredth of rows as ranked by
// the first half, 1 the median row.
AISCI_API Result<Comparison> compare_policies_on(const std::filesystem::path& landscape,
                                                 const ComparisonOptions& options);

// For people, a table; for programs, {schema: "aisci/policy-comparison/1", measure, budget, repetitions, ...}.
AISCI_API std::string to_text(const Comparison& comparison);
AISCI_API std::string to_json(const Comparison& comparison);

}  // namespace aisci
