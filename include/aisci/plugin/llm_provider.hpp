// An LLM provider: answers requests to a model. Requests and responses: abi/draft/llm_provider.h.
//
//   class Echo final : public aisci::plugin::LLMProvider {
//    public:
//     void complete(std::string_view request, aisci::plugin::Sink*, aisci::plugin::Sink& response,
//                   aisci::plugin::Call& call) override {
//       call.report("usage", R"({"input_tokens":1,"output_tokens":1})");
//       response.write(R"({"text":"{}","model":"echo","finish":"stop","usage":{"input_tokens":1,"output_tokens":1}})");
//     }
//     std::vector<std::string> models(aisci::plugin::Call&) override { return {R"({"id":"echo"})"}; }
//   };
//   AISCI_PLUGIN("org.example.echo", "1.0.0", AISCI_LLM_PROVIDER("echo", Echo))
//
// One attempt a call: the host retries, caches, keeps budgets and validates.
// Threads: several calls at once on one instance.
// Since 0.1.
#pragma once

#include <aisci/abi/draft/llm_provider.h>
#include <aisci/plugin/plugin.hpp>

#include <vector>

namespace aisci::plugin {

class LLMProvider {
 public:
  struct Kind;
  virtual ~LLMProvider() = default;

  // deltas: null, or takes {"text":".."} as text arrives. response: takes one document.
  virtual void complete(std::string_view request_json, Sink* deltas, Sink& response, Call& call) = 0;
  // One write for each text, in order; write_vector() below writes one.
  virtual void embed(const std::vector<std::string_view>& texts, Sink& vectors, Call& call) {
    (void)texts, (void)vectors, (void)call;
    throw Error{Code::kUnimplemented, "this provider has no embeddings"};
  }
  // Exactly, or an upper estimate; as it is, two bytes a token.
  virtual std::uint64_t count_tokens(std::string_view text, Call& call) {
    (void)call;
    return text.size() / 2 + 1;
  }
  // One document each, {"id":"..","context_tokens":..}; the first is the default.
  virtual std::vector<std::string> models(Call& call) {
    (void)call;
    throw Error{Code::kUnimplemented, "this provider does not list its models"};
  }

  static void write_vector(Sink& vectors, const std::vector<float>& vector) {
    vectors.write({reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)});
  }
};

struct LLMProvider::Kind {
  static constexpr const char* kName = "llm_provider";
  static constexpr const char* kInterface = AISCI_LLM_PROVIDER_1;

  static std::int32_t complete(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t request,
                               aisci_sink_t* deltas, aisci_sink_t* response) noexcept {
    return detail::answer<LLMProvider>(instance, raw, [&](LLMProvider& object, Call& call) {
      detail::HostSink parts{deltas};
      detail::HostSink whole{response};
      object.complete(detail::view(request), deltas ? &parts : nullptr, whole, call);
    });
  }
  static std::int32_t embed(aisci_instance_t* instance, const aisci_call_t* raw, const aisci_bytes_t* texts,
                            std::uint64_t count, aisci_sink_t* vectors) noexcept {
    return detail::answer<LLMProvider>(instance, raw, [&](LLMProvider& object, Call& call) {
      std::vector<std::string_view> views;
      for (std::uint64_t i = 0; i < count; ++i) views.push_back(detail::view(texts[i]));
      detail::HostSink sink{vectors};
      object.embed(views, sink, call);
    });
  }
  static std::int32_t count_tokens(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t text,
                                   std::uint64_t* out) noexcept {
    return detail::answer<LLMProvider>(
        instance, raw, [&](LLMProvider& object, Call& call) { *out = object.count_tokens(detail::view(text), call); });
  }
  static std::int32_t models(aisci_instance_t* instance, const aisci_call_t* raw, aisci_sink_t* models) noexcept {
    return detail::answer<LLMProvider>(instance, raw, [&](LLMProvider& object, Call& call) {
      detail::HostSink sink{models};
      for (const std::string& model : object.models(call)) sink.write(model);
    });
  }
  static const void* table() noexcept;
};

namespace detail {
AISCI_SDK_LOCAL inline constexpr aisci_llm_provider_t kLLMProviderTable{
    sizeof(aisci_llm_provider_t),     0,
    &LLMProvider::Kind::complete,     &LLMProvider::Kind::embed,
    &LLMProvider::Kind::count_tokens, &LLMProvider::Kind::models};
}
inline const void* LLMProvider::Kind::table() noexcept { return &detail::kLLMProviderTable; }

}  // namespace aisci::plugin

#define AISCI_LLM_PROVIDER(id, Class) ::aisci::plugin::detail::entry<::aisci::plugin::LLMProvider, Class>(id)
