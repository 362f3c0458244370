#include "answer.hpp"

#include <cmath>

#include "kit/document.hpp"

namespace aisci::openai {
namespace {

// A message's content: a text, or a list of parts.
std::string content_of(const json::object& message) {
  const json::value* content = kit::find_member(message, "content");
  if (!content || !content->is_array()) return kit::text_of(message, "content");
  std::string text;
  for (const json::object* part : kit::objects_of(message, "content")) text += kit::text_of(*part, "text");
  return text;
}

json::object usage_of(const json::object& body) {
  const json::object& given = kit::object_of(body, "usage");
  if (!kit::has(given, "prompt_tokens") && !kit::has(given, "completion_tokens")) return {};
  json::object usage{{"input_tokens", kit::json_of(kit::token_count(given, "prompt_tokens"))},
                     {"output_tokens", kit::json_of(kit::token_count(given, "completion_tokens"))}};
  const json::object& read = kit::object_of(given, "prompt_tokens_details");
  if (const auto cached = kit::token_count(read, "cached_tokens").value_or(0); cached > 0)
    usage["cached_tokens"] = cached;
  const json::object& written = kit::object_of(given, "completion_tokens_details");
  if (const auto thought = kit::token_count(written, "reasoning_tokens").value_or(0); thought > 0)
    usage["reasoning_tokens"] = thought;
  if (const double cost = kit::number_of(given, "cost", -1); cost >= 0 && std::isfinite(cost)) usage["cost_usd"] = cost;
  return usage;
}

void take_finish(const std::string& reason, kit::Answer& answer) {
  if (reason == "length")
    answer.finish = "length";
  else if (reason == "content_filter" || !answer.refusal.empty())
    answer.finish = "refused";
}

}  // namespace

kit::Answer answer_of(const json::object& body) {
  kit::Answer answer;
  answer.model = kit::text_of(body, "model");
  answer.usage = usage_of(body);
  const auto choices = kit::objects_of(body, "choices");
  if (choices.empty()) return answer;  // no text: the host says what it wanted
  const json::object& message = kit::object_of(*choices[0], "message");
  answer.text = content_of(message);
  answer.refusal = kit::text_of(message, "refusal");
  take_finish(kit::text_of(*choices[0], "finish_reason"), answer);
  return answer;
}

void read_chunk(const json::object& chunk, kit::Stream& into) {
  if (std::string model = kit::text_of(chunk, "model"); !model.empty()) into.answer.model = std::move(model);
  if (json::object usage = usage_of(chunk); !usage.empty()) into.answer.usage = std::move(usage);
  const auto choices = kit::objects_of(chunk, "choices");
  if (choices.empty()) return;
  const json::object& delta = kit::object_of(*choices[0], "delta");
  into.answer.refusal += kit::text_of(delta, "refusal");
  into.add_text(content_of(delta));
  const std::string finish = kit::text_of(*choices[0], "finish_reason");
  if (finish.empty()) return;
  take_finish(finish, into.answer);
  into.ended = true;
}

}  // namespace aisci::openai
