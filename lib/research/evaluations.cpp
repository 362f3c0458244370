#include "research/evaluations.hpp"

#include <cmath>
#include <exception>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "mcts/checks.hpp"

namespace aisci {
namespace {

constexpr std::uint64_t kPatience = 10;  // failures before the first success
constexpr const char* kFormat = "aisci-evaluations/1";

Evaluation thrown(const std::string& what) {
  Evaluation evaluation;
  evaluation.failed = true;
  evaluation.failure = "the evaluator threw " + what;
  return evaluation;
}

// What a function throws is what a program's exit code is: a failed evaluation.
Result<Evaluation> contained(const Evaluator& evaluator, const std::string& configuration, std::uint64_t seed) {
  try {
    return evaluator(configuration, seed);
  } catch (const std::exception& error) {
    return thrown(std::string{"an exception: "} + error.what());
  } catch (...) {
    return thrown("what is no std::exception");
  }
}

// What a search would say of its numbers.
Status taken(const Evaluation& evaluation) {
  return mcts::check(mcts::Outcome{.value = evaluation.score, .cost = evaluation.cost, .failed = evaluation.failed}, 0);
}

}  // namespace

Result<std::unique_ptr<Evaluations>> Evaluations::open(const Evaluator& evaluator, const std::string& space,
                                                       const std::filesystem::path& journal) {
  std::unique_ptr<Evaluations> evaluations{new Evaluations{evaluator}};
  if (journal.empty()) return evaluations;
  const std::string head = canonical(json::object{{"format", kFormat}, {"space", sha256(space)}});
  bool whole = true;
  const bool there = std::filesystem::exists(journal);
  if (there) AISCI_RETURN_IF_ERROR(evaluations->read(journal, head, whole));
  evaluations->journal_.open(journal, std::ios::app);
  if (!there) evaluations->journal_ << head << '\n';
  if (!whole) evaluations->journal_ << '\n';  // ends what was cut off in the middle of a line
  evaluations->journal_.flush();
  if (!evaluations->journal_) return permission_denied("the journal " + journal.string() + " cannot be written");
  return evaluations;
}

Status Evaluations::read(const std::filesystem::path& journal, const std::string& head, bool& whole) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(journal));
  whole = text.empty() || text.back() == '\n';
  const auto lines = split(text, '\n');
  if (lines.empty() || lines[0] != head)
    return invalid_argument(journal.string() + (lines.empty() || lines[0].find(kFormat) == std::string::npos
                                                    ? " is no journal of evaluations"
                                                    : " holds evaluations of another space"));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const auto line = parse_json_object(lines[i], journal.string());
    if (!line.ok() || !member(*line, "config").is_object()) continue;  // cut off when the program was ended
    Evaluation evaluation{number_of(*line, "score"), number_of(*line, "cost", 1.0), flag_of(*line, "failed"),
                          text_of(*line, "failure")};
    if (known_.emplace(Key{canonical(member(*line, "config")), integer_of(*line, "seed")}, evaluation).second)
      failed_ += evaluation.failed;
  }
  if (failed_ == known_.size()) known_.clear(), failed_ = 0;  // the evaluator was broken, and perhaps no longer is
  return {};
}

Result<Evaluation> Evaluations::get(const std::string& configuration, std::uint64_t seed) {
  const Key key{configuration, seed};
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = known_.find(key); found != known_.end()) {
      ++reused_;
      return found->second;
    }
  }
  AISCI_ASSIGN_OR_RETURN(Evaluation evaluation, contained(evaluator_, configuration, seed));
  if (!evaluation.failed && !std::isfinite(evaluation.score)) {
    evaluation.failed = true;
    evaluation.failure = "its score is not a number";
  }
  // Before it is kept: a search takes no such number, and a journal that held it would be of no use.
  if (const Status status = taken(evaluation); !status.ok())
    return invalid_argument("an evaluation cannot be used, mend the evaluator: " + status.message());
  const std::lock_guard lock{mutex_};
  const auto [kept, fresh] = known_.emplace(key, evaluation);
  if (!fresh) return kept->second;  // somebody else was faster
  ++made_;
  failed_ += evaluation.failed;
  if (journal_.is_open()) {
    json::object line{{"config", parse_json(configuration, "a configuration").value()}, {"seed", seed}};
    if (evaluation.failed) {
      line["failed"] = true;
      line["failure"] = printable(evaluation.failure, 400);
    } else {
      line["score"] = evaluation.score;
    }
    line["cost"] = evaluation.cost;
    journal_ << json::serialize(line) << '\n' << std::flush;
    if (!journal_) return resource_exhausted("the journal of evaluations cannot be written further: is the disk full?");
  }
  if (failed_ >= kPatience && failed_ == known_.size())
    return failed_precondition(
        "the first " + std::to_string(failed_) +
        " evaluations all failed, so there is nothing to compare; of the last one: " + evaluation.failure);
  return evaluation;
}

}  // namespace aisci
