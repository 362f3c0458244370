#include "answer.hpp"

#include "kit/document.hpp"

namespace aisci::anthropic {
namespace {

// Input tokens are those that were read fresh; what came from or went into the cache was paid as well.
json::object usage_of(const json::object& holder) {
  const json::object& given = kit::object_of(holder, "usage");
  const auto fresh = kit::token_count(given, "input_tokens"),
             cached = kit::token_count(given, "cache_read_input_tokens"),
             kept = kit::token_count(given, "cache_creation_input_tokens");
  json::object usage;
  if (kit::has(given, "input_tokens"))
    usage["input_tokens"] = fresh && cached && kept ? json::value(*fresh + *cached + *kept) : json::value(nullptr);
  if (kit::has(given, "output_tokens")) usage["output_tokens"] = kit::json_of(kit::token_count(given, "output_tokens"));
  if (cached.value_or(0) > 0) usage["cached_tokens"] = *cached;
  return usage;
}

void take_stop(const std::string& reason, kit::Answer& answer) {
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") answer.finish = "length";
  if (reason == "refusal") {
    answer.finish = "refused";
    answer.refusal = answer.text.empty() ? "it gave no reason" : answer.text;
  }
}

}  // namespace

kit::Answer answer_of(const json::object& body) {
  kit::Answer answer;
  answer.model = kit::text_of(body, "model");
  answer.usage = usage_of(body);
  std::string words;
  for (const json::object* block : kit::objects_of(body, "content")) {
    const std::string type = kit::text_of(*block, "type");
    if (type == "text") words += kit::text_of(*block, "text");
    if (type == "tool_use" && answer.text.empty()) answer.text = json::serialize(kit::object_of(*block, "input"));
  }
  if (answer.text.empty()) answer.text = std::move(words);
  take_stop(kit::text_of(body, "stop_reason"), answer);
  return answer;
}

void read_event(const json::object& event, kit::Stream& into) {
  const std::string type = kit::text_of(event, "type");
  if (type == "message_start") {
    const json::object& message = kit::object_of(event, "message");
    into.answer.model = kit::text_of(message, "model");
    into.answer.usage = usage_of(message);
  } else if (type == "content_block_start" &&
             kit::text_of(kit::object_of(event, "content_block"), "type") == "tool_use") {
    into.answer.text.clear();  // words before the tool's input are not the answer
  } else if (type == "content_block_delta") {
    const json::object& delta = kit::object_of(event, "delta");
    into.add_text(kit::text_of(delta, "text"));
    into.add_text(kit::text_of(delta, "partial_json"));
  } else if (type == "message_delta") {
    take_stop(kit::text_of(kit::object_of(event, "delta"), "stop_reason"), into.answer);
    for (auto& entry : usage_of(event)) into.answer.usage[entry.key()] = entry.value();
  } else if (type == "message_stop") {
    into.ended = true;
  }
}

}  // namespace aisci::anthropic
