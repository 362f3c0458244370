#include "runtime/model_calls.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <thread>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kStarted = "model.call.started";
constexpr const char* kEnded = "model.call";
constexpr std::size_t kLongestFailure = 2000;

std::string numbered(const std::string& key, int attempt) { return key + "#" + std::to_string(attempt); }

json::value money(const std::optional<double>& usd) { return usd ? json::value(*usd) : json::value(nullptr); }

ModelCost cost_in(const json::object& body, const char* input, const char* output, const char* usd) {
  ModelCost cost{integer_of(body, input), integer_of(body, output), {}};
  if (member(body, usd).is_number()) cost.usd = number_of(body, usd);
  return cost;
}

// A count that a call can have had; none where the usage has no such number.
std::optional<std::int64_t> tokens_in(const json::object& usage, const char* name) {
  constexpr double kMost = 1e12;
  const double count = as_number(member(usage, name));
  if (!(count >= 0 && count <= kMost && count == std::floor(count))) return std::nullopt;
  return static_cast<std::int64_t>(count);
}

// Tokens as the usage counts them. A count that is there and is none leaves what was reserved.
std::int64_t counted(const json::object& usage, const char* name, std::int64_t reserved) {
  return usage.contains(name) ? tokens_in(usage, name).value_or(reserved) : 0;
}

bool is_counted(const json::object& usage) {
  return tokens_in(usage, "input_tokens") && tokens_in(usage, "output_tokens") && !flag_of(usage, "estimated");
}

// The same for the same attempt, and spread over attempts and studies.
double jitter_of(const std::string& key) {
  return static_cast<double>(std::strtoul(sha256(key).substr(0, 6).c_str(), nullptr, 16)) / 0xffffff;
}

}  // namespace

ModelCalls::ModelCalls(Ledger& ledger, ModelProvider provider, Settings settings)
    : ledger_{ledger}, provider_{std::move(provider)}, settings_{std::move(settings)}, budget_{settings_.budget} {}

Status ModelCalls::read_past() {
  if (past_read_ || !settings_.metered) return {};
  AISCI_ASSIGN_OR_RETURN(const auto events, ledger_.events());
  std::map<std::string, ModelCost> open;
  for (const auto& event : events) {
    if (event.type == kStarted)
      open[event.key] = cost_in(event.body, "reserved_input_tokens", "reserved_output_tokens", "reserved_usd");
    if (event.type != kEnded) continue;
    open.erase(event.key);
    budget_.settle(cost_in(event.body, "input_tokens", "output_tokens", "cost_usd"));
  }
  for (const auto& [key, worst] : open) budget_.settle(worst);
  past_read_ = true;
  return {};
}

// The response that was paid for in an earlier run; `next` is the number of the attempt that would come now.
Result<std::optional<json::object>> ModelCalls::recorded(const std::string& key, int& next) const {
  for (next = 1;; ++next) {
    AISCI_ASSIGN_OR_RETURN(const auto started, ledger_.find(kStarted, numbered(key, next)));
    if (!started) return std::optional<json::object>{};
    AISCI_ASSIGN_OR_RETURN(const auto ended, ledger_.find(kEnded, numbered(key, next)));
    if (!ended || text_of(ended->body, "response").empty()) continue;
    AISCI_ASSIGN_OR_RETURN(const std::string text, ledger_.get(text_of(ended->body, "response")));
    AISCI_ASSIGN_OR_RETURN(json::object response, parse_json_object(text, "the recorded response to " + key));
    return std::optional<json::object>{std::move(response)};
  }
}

Result<json::object> ModelCalls::ask(const std::string& task, const json::object& question) {
  if (!settings_.metered) {
    ModelReply reply = provider_(json::serialize(question));
    AISCI_RETURN_IF_ERROR(reply.response.status());
    return parse_json_object(*reply.response, "the response of provider " + settings_.provider);
  }
  const std::string identity =
      sha256(canonical(json::object{{"question", question}, {"provider", settings_.provider}})).substr(0, 16);
  const std::string key = task + "/" + identity;
  int next = 1;
  AISCI_ASSIGN_OR_RETURN(auto paid, recorded(key, next));
  if (paid) return std::move(*paid);
  AISCI_RETURN_IF_ERROR(read_past());
  if (!std::exchange(priced_, true)) budget_.set_price(settings_.price());
  for (int made = 1;; ++made, ++next) {
    if (settings_.cancelled()) return cancelled("the call to the model was cancelled");
    ModelReply reply{std::string{}};
    auto response = attempt(task, numbered(key, next), question, reply);
    if (response.ok() || !budget_.reached().empty()) return response;
    const Status& failure = response.status();
    if (failure.code() == StatusCode::kCancelled) return failure;
    const RetryAdvice advice =
        advise(settings_.retry, {failure.code(), made, reply.http, reached_before_}, jitter_of(numbered(key, next)));
    reached_before_ |= flag_of(reply.http, "sent");
    if (!advice.again) {
      const std::string times = made == 1 ? "" : " (attempt " + std::to_string(made) + ", and the last)";
      return Status{failure.code(), failure.message() + times};
    }
    settings_.tell("the model does not answer: " + failure.message() + "; trying again in " +
                   fixed(advice.seconds, advice.seconds < 10 ? 1 : 0) + " s");
    wait(advice.seconds);
  }
}

Result<json::object> ModelCalls::attempt(const std::string& task, const std::string& key, json::object question,
                                         ModelReply& reply) {
  const std::string read = json::serialize(member(question, "messages")) + json::serialize(member(question, "schema"));
  AISCI_ASSIGN_OR_RETURN(const ModelCost worst, budget_.reserve(settings_.count_tokens(read)));
  if (worst.output_tokens > 0) question["max_output_tokens"] = worst.output_tokens;
  AISCI_RETURN_IF_ERROR(ledger_
                            .append(kStarted, key,
                                    {{"task", task},
                                     {"provider", settings_.provider},
                                     {"model", settings_.model},
                                     {"reserved_input_tokens", worst.input_tokens},
                                     {"reserved_output_tokens", worst.output_tokens},
                                     {"reserved_usd", money(worst.usd)}})
                            .status());
  const auto began = Clock::now();
  reply = provider_(settings_.redaction(json::serialize(question)));
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  auto response = response_of(reply);
  const ModelCost cost = cost_of_reply(reply, response.ok() ? *response : json::object{}, worst);
  budget_.settle(cost);
  json::object ended{{"task", task},
                     {"provider", settings_.provider},
                     {"model", settings_.model},
                     {"input_tokens", cost.input_tokens},
                     {"output_tokens", cost.output_tokens},
                     {"cost_usd", money(cost.usd)},
                     {"estimated", cost.input_tokens > 0 && !is_counted(reply.usage)},
                     {"http", reply.http},
                     {"seconds", std::round(seconds * 1000) / 1000}};
  if (response.ok()) {
    ended["model"] = text_of(*response, "model", settings_.model);
    ended["finish"] = text_of(*response, "finish");
    AISCI_ASSIGN_OR_RETURN(ended["response"], ledger_.put(json::serialize(*response)));
    reached_before_ = true;
  } else {
    ended["failure"] = response.status().to_string();
  }
  AISCI_RETURN_IF_ERROR(ledger_.append(kEnded, key, ended).status());
  return response;
}

Result<json::object> ModelCalls::response_of(const ModelReply& reply) const {
  const Status& status = reply.response.status();
  if (!status.ok()) return Status{status.code(), printable(settings_.redaction(status.message()), kLongestFailure)};
  return parse_json_object(settings_.redaction(*reply.response), "the response of provider " + settings_.provider);
}

// What the provider counted; where it did not, what the call must have cost when it was answered.
ModelCost ModelCalls::cost_of_reply(const ModelReply& reply, const json::object& response,
                                    const ModelCost& worst) const {
  const json::object& usage = reply.usage.empty() ? object_of(response, "usage") : reply.usage;
  const std::string said = text_of(response, "text") + json::serialize(member(response, "output"));
  const std::int64_t written = response.empty() ? 0 : settings_.count_tokens(said);
  ModelCost cost{counted(usage, "input_tokens", worst.input_tokens),
                 counted(usage, "output_tokens", std::max(worst.output_tokens, written)),
                 {}};
  if (!response.empty() && cost.input_tokens + cost.output_tokens == 0) cost = {worst.input_tokens, written, {}};
  if (cost.input_tokens + cost.output_tokens == 0) cost.usd = 0.0;
  cost = cost_of(cost, budget_.price());
  // A price that the user gave is a floor: a gateway that says 0 would never fill the cap.
  if (const double said_usd = number_of(usage, "cost_usd", -1); said_usd >= 0 && std::isfinite(said_usd))
    cost.usd = settings_.price_given && cost.usd ? std::max(*cost.usd, said_usd) : said_usd;
  return cost;
}

void ModelCalls::wait(double seconds) const {
  if (settings_.wait) return settings_.wait(seconds);
  constexpr std::chrono::milliseconds kStep{100};
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
  while (Clock::now() < until && !settings_.cancelled())
    std::this_thread::sleep_for(std::min<Clock::duration>(kStep, until - Clock::now()));
}

}  // namespace aisci
