// The provider "openai": any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp, LM Studio,
// OpenRouter and others. Addresses, keys and costs: docs/guide/models.md.
//
// Structured answers are asked for with the strongest means the server takes: a JSON schema, else a JSON object, else
// words alone. What a server refuses is remembered and not tried again, as are its name for the limit of output, the
// largest it takes, and whether it counts tokens in a stream.
//
// Configuration: {"base_url", "timeout_seconds"}. Since 0.1.
#pragma once

#include <aisci/plugin/llm_provider.hpp>

#include <atomic>
#include <mutex>

#include "kit/http/model_server.hpp"
#include "kit/http/prices.hpp"

namespace aisci::openai {

class OpenAI final : public plugin::LLMProvider {
 public:
  explicit OpenAI(const plugin::Setup& setup);

  void complete(std::string_view request, plugin::Sink* deltas, plugin::Sink& response, plugin::Call& call) override;
  std::uint64_t count_tokens(std::string_view text, plugin::Call& call) override;
  std::vector<std::string> models(plugin::Call& call) override;

 private:
  // What the server takes; each step down follows a refusal.
  enum Format { kSchema, kObject, kWords };

  std::vector<std::string> headers() const;
  std::string default_model(plugin::Call& call);
  json::object body_of(const json::object& request, bool stream, plugin::Call& call);
  bool adapt(const kit::http::Response& refused, const json::object& body);

  kit::Server server_;
  kit::Prices prices_;
  std::atomic<int> format_{kSchema};
  std::atomic<bool> old_limit_;  // max_tokens, which OpenAI itself calls max_completion_tokens by now
  std::atomic<bool> counts_in_stream_{true};
  std::atomic<std::int64_t> largest_output_{0};  // 0: not met yet
  std::mutex mutex_;
  std::string model_;  // the server's only one, when none is named
};

}  // namespace aisci::openai
