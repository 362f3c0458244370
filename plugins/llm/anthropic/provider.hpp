// The provider "anthropic": Anthropic's messages API, or a server that speaks it. Keys and costs: docs/guide/models.md.
//
// A structured answer is asked for as the input of one forced tool whose schema is the task's; a server that refuses
// tools is told the schema in words. The API demands a limit of output: what a model refuses as too much is lowered to
// what it says it takes.
//
// Configuration: {"base_url", "timeout_seconds"}. Since 0.1.
#pragma once

#include <aisci/plugin/llm_provider.hpp>

#include <atomic>

#include "kit/http/model_server.hpp"
#include "kit/http/prices.hpp"

namespace aisci::anthropic {

class Anthropic final : public plugin::LLMProvider {
 public:
  explicit Anthropic(const plugin::Setup& setup);

  void complete(std::string_view request, plugin::Sink* deltas, plugin::Sink& response, plugin::Call& call) override;
  std::uint64_t count_tokens(std::string_view text, plugin::Call& call) override;
  std::vector<std::string> models(plugin::Call& call) override;

 private:
  std::vector<std::string> headers() const;
  json::object body_of(const json::object& request, bool stream) const;
  bool adapt(const kit::http::Response& refused, const json::object& body);

  kit::Server server_;
  kit::Prices prices_;
  std::atomic<bool> tools_{true};  // until the server refuses them
  std::atomic<std::int64_t> largest_output_{0};
};

}  // namespace aisci::anthropic
