#include "research/judgements.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

constexpr const char* kUnanswered = "model.unanswered";
constexpr std::size_t kLongestReason = 600;

Judgement judgement_of(const std::string& task, std::string_view answer) {
  Judgement judgement{task, {}, {}};
  const auto said = parse_json_object(answer, "the judgement");
  if (!said.ok()) return judgement;
  if (const auto& score = member(*said, "score"); score.is_number()) judgement.score = score.to_number<double>();
  judgement.why = printable(text_of(*said, "why"), kLongestReason);
  for (char& c : judgement.why)
    if (c == '\n' || c == '\t') c = ' ';
  return judgement;
}

}  // namespace

Result<std::string> Judgements::ask(const ModelTaskRequest& request, const CallContext& call) {
  const std::string task{request.name};
  std::string key = task;
  for (const std::string_view part : {request.input_json, request.messages_json, request.schema_json})
    key = task + "/" + sha256(key + "\n" + std::string{part}).substr(0, 16);
  AISCI_ASSIGN_OR_RETURN(const auto known, ledger_.find(kUnanswered, key));
  if (known) return Status{static_cast<StatusCode>(integer_of(known->body, "code")), text_of(known->body, "failure")};
  auto answer = model_(request, call);
  if (!answer.ok() && answer.status().code() != StatusCode::kCancelled)
    open_.push_back({std::move(key), task, answer.status()});
  if (answer.ok())
    if (auto judgement = judgement_of(task, *answer); !judgement.why.empty()) given_.push_back(std::move(judgement));
  return answer;
}

void Judgements::forget() {
  open_.clear();
  given_.clear();
}

Status Judgements::settle() {
  for (const auto& [key, task, failure] : std::exchange(open_, {})) {
    if (!recording_) continue;
    AISCI_ASSIGN_OR_RETURN(const auto known, ledger_.find(kUnanswered, key));
    if (known) continue;
    const json::object body{{"task", task}, {"code", static_cast<int>(failure.code())}, {"failure", failure.message()}};
    AISCI_RETURN_IF_ERROR(ledger_.append(kUnanswered, key, body).status());
  }
  return {};
}

}  // namespace aisci
