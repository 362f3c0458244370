// What a study does about an experiment that failed: a table by the class of the failure, and what following it does to
// a plan.
//
//   const Remedy remedy = remedy_for("memory");                // halve the batch size
//   if (auto change = halved(node.plan, node.hypothesis, remedy)) ...
//
// Failures of the machine repeat the same seeds and are no deviation. A change of the recipe makes another experiment
// of it: every arm and block runs again, in a folder of its own, and the paper's appendix prints the change. What
// decides is the class of the failure and the program's own last words, never a score. Divergence is an outcome, not a
// failure.
//
// Pure functions.
#pragma once

#include <aisci/status.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "research/plan.hpp"

namespace aisci {

struct Remedy {
  enum class Kind {
    kNone,         // the experiment has failed, with its class
    kSameAgain,    // what is missing, with the same seeds
    kHalve,        // one number of the recipe, in every arm
    kRebuildData,  // prepare the data again and hold them against their recorded hashes
    kRepairCode,   // ask the design role for repaired code
  };
  std::string_view failure_class;
  Kind kind = Kind::kNone;
  std::string_view name = "none";  // "halve_batch_size", as in events
  // For kHalve: the names a recipe may give that number; the first that the plan has counts.
  std::vector<std::string_view> numbers = {};
};

// The table, for people and tests; a class that is not in it has no remedy.
const std::vector<Remedy>& remedies();
const Remedy& remedy_for(std::string_view failure_class);

// One attempt that failed and was followed by another.
struct Retry {
  std::string failure_class;
  std::string failure;
  std::string remedy;
  std::string number;  // of the recipe, that was halved: "batch_size"; "" for none
  double from = 0, to = 0;
  std::map<std::string, std::string> code;  // files that were repaired, whole
  std::string told;                         // what the repair is, by who made it

  bool changes_recipe() const { return !number.empty() || !code.empty(); }
};
json::object to_json(const Retry& retry);

// Whether a repair may give the file this text: one of the experiment's own files, which are `code`, and not the part
// of the evaluator that lies among them.
bool may_repair(const std::map<std::string, std::string>& code, const std::string& name, const json::value& text);

// As it was recorded. DATA_LOSS for a file that may not be repaired: the ledger may be a stranger's.
Result<Retry> read_retry(const json::object& document, const std::map<std::string, std::string>& code);

// How many of them changed the recipe, and where an experiment lies that ran with a recipe changed so often:
// "experiments/n3", "experiments/n3/retry-1".
std::size_t changes_in(const std::vector<Retry>& retries);
std::string experiment_place(const std::string& id, std::size_t changes);

// What halving would change. None where the recipe has no such number, it cannot be halved, the arms differ in it, or
// the hypothesis speaks about it: then the change would answer another question.
std::optional<Retry> halved(const Plan& plan, const json::object& hypothesis, const Remedy& remedy);

// The plan with the change made in every arm.
Result<Plan> with_change(const Plan& plan, const Retry& retry);

}  // namespace aisci
