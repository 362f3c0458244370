#include "research/model_access.hpp"

#include "base/text.hpp"

namespace aisci {
namespace {

// One attempt, with what the provider reports on the way. Text is taken as it comes, so that a long answer is no
// silence and a cancelled call ends within it.
ModelProvider provider_function(std::shared_ptr<LLMProvider> provider, std::function<bool()> cancelled) {
  return [provider = std::move(provider), cancelled = std::move(cancelled)](const std::string& request) {
    ModelReply reply{std::string{}};
    CallContext call;
    call.cancelled = cancelled;
    call.on_report = [&](std::string_view key, std::string_view text) {
      auto report = parse_json_object(text, key);
      if (!report.ok()) return;
      if (key == "http") reply.http = std::move(*report);
      if (key == "usage") reply.usage = std::move(*report);
    };
    const Sink deltas = [](std::string_view) { return Status{}; };
    const Sink response = [&](std::string_view text) -> Status {
      *reply.response += text;
      return {};
    };
    if (Status status = provider->complete(request, deltas, response, call); !status.ok())
      reply.response = std::move(status);
    return reply;
  };
}

// What the provider itself says that the model costs.
std::optional<ModelPrice> listed_price(LLMProvider& provider, const std::string& model,
                                       const std::function<bool()>& cancelled) {
  CallContext call;
  call.cancelled = cancelled;
  const auto models = provider.models(call);
  if (!models.ok()) return std::nullopt;  // the first question says what is wrong
  for (const auto& text : *models) {
    const auto document = parse_json_object(text, "a model");
    if (!document.ok() || (!model.empty() && text_of(*document, "id") != model)) continue;
    if (!document->contains("input_price") || !document->contains("output_price")) return std::nullopt;
    const ModelPrice price{number_of(*document, "input_price"), number_of(*document, "output_price")};
    if (!(price.input >= 0 && price.output >= 0)) return std::nullopt;
    return price;
  }
  return std::nullopt;
}

}  // namespace

Result<std::shared_ptr<LLMProvider>> make_provider(const Options& options, Registry& registry) {
  json::object config;
  if (options.llm_provider != kOffline) {
    if (!options.llm_base_url.empty()) config["base_url"] = options.llm_base_url;
    config["timeout_seconds"] = options.llm_timeout_seconds;
  }
  return registry.create_llm_provider(options.llm_provider, json::serialize(config));
}

Result<std::optional<ModelPrice>> parse_price(const std::string& text) {
  if (text.empty()) return std::optional<ModelPrice>{};
  const auto parts = split(text, ',');
  double numbers[2] = {-1, -1};
  for (std::size_t i = 0; i < parts.size() && parts.size() == 2; ++i)
    numbers[i] = parsed_number(trim(parts[i])).value_or(-1);
  if (!(numbers[0] >= 0 && numbers[1] >= 0 && numbers[0] < 1e6 && numbers[1] < 1e6))
    return invalid_argument("llm_price = \"" + text + "\": expected INPUT,OUTPUT in US dollars per million tokens");
  return std::optional<ModelPrice>{{numbers[0], numbers[1]}};
}

Result<std::unique_ptr<ModelTasks>> make_model_tasks(const Options& options, Registry& registry, Ledger& ledger,
                                                     const std::function<bool()>& cancelled,
                                                     std::function<void(const std::string&)> tell) {
  AISCI_ASSIGN_OR_RETURN(const auto provider, make_provider(options, registry));
  AISCI_ASSIGN_OR_RETURN(const auto price, parse_price(options.llm_price));
  const bool metered = options.llm_provider != kOffline;
  ModelCalls::Settings settings;
  settings.provider = options.llm_provider;
  settings.model = options.model;
  settings.metered = metered;
  settings.budget = {options.budget_tokens, options.budget_usd, options.llm_max_output_tokens};
  if (metered) settings.redaction = Redaction::of_environment();
  settings.price_given = price.has_value();
  settings.price = [provider, price, model = options.model, cancelled] {
    return price ? price : listed_price(*provider, model, cancelled);
  };
  settings.count_tokens = [provider](std::string_view text) {
    const auto count = provider->count_tokens(text, {});
    return static_cast<std::int64_t>(count.ok() ? *count : text.size() / 2 + 1);
  };
  settings.cancelled = cancelled;
  settings.tell = std::move(tell);
  auto tasks = std::make_unique<ModelTasks>(ledger, provider_function(provider, cancelled), std::move(settings));
  if (metered && (options.budget_tokens > 0 || options.budget_usd > 0)) {
    // Without it a cap ends the study where it strikes.
    if (auto rules = registry.create_llm_provider(kOffline); rules.ok())
      tasks->use_at_cap(kOffline, provider_function(std::move(*rules), cancelled));
  }
  return tasks;
}

}  // namespace aisci
