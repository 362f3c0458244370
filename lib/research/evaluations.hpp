// The evaluations of a comparison: each made once, kept in a journal.
#pragma once

#include <aisci/compare_policies.hpp>

#include <fstream>
#include <map>
#include <mutex>
#include <utility>

namespace aisci {

class Evaluations {
 public:
  // Reads the journal, if it is there, and appends to it. `space` names the problem: a journal of another is refused.
  static Result<std::unique_ptr<Evaluations>> open(const Evaluator& evaluator, const std::string& space,
                                                   const std::filesystem::path& journal);

  // From any thread. FAILED_PRECONDITION when the first ten of all have failed.
  Result<Evaluation> get(const std::string& configuration, std::uint64_t seed);

  std::uint64_t made() const { return made_; }
  std::uint64_t reused() const { return reused_; }

 private:
  using Key = std::pair<std::string, std::uint64_t>;
  explicit Evaluations(Evaluator evaluator) : evaluator_{std::move(evaluator)} {}
  Status read(const std::filesystem::path& journal, const std::string& head, bool& whole);

  const Evaluator evaluator_;
  std::mutex mutex_;  // of all below
  std::map<Key, Evaluation> known_;
  std::ofstream journal_;
  std::uint64_t made_ = 0, reused_ = 0;
  std::uint64_t failed_ = 0;  // of known_
};

}  // namespace aisci
