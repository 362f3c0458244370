// LLMProvider: answers requests to a model.
//
//   class Echo final : public aisci::LLMProvider {
//    public:
//     aisci::Status complete(std::string_view, const aisci::Sink&, const aisci::Sink& response,
//                            const aisci::CallContext& call) override {
//       call.report("usage", R"({"input_tokens":1,"output_tokens":1})");
//       return response(R"({"text":"{}","model":"echo","finish":"stop","usage":{}})");
//     }
//     aisci::Result<std::vector<std::string>> models(const aisci::CallContext&) override {
//       return std::vector<std::string>{R"({"id":"echo"})"};
//     }
//   };
//
// Requests and responses are JSON, described in aisci/abi/draft/llm_provider.h. A provider makes one attempt;
// aisci retries, caches, keeps budgets and validates.
//
// Threads: several calls at once on one object.
// Since 0.1.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/export.hpp>

#include <span>
#include <vector>

namespace aisci {

class AISCI_API LLMProvider {
 public:
  virtual ~LLMProvider() = default;
  // deltas: empty, or takes {"text":".."} as text arrives. response: takes one document.
  virtual Status complete(std::string_view request_json, const Sink& deltas, const Sink& response,
                          const CallContext& call) = 0;
  // A vector for each text, in order. UNIMPLEMENTED when it has no embeddings.
  virtual Result<std::vector<std::vector<float>>> embed(std::span<const std::string_view> texts,
                                                        const CallContext& call);
  // Exactly, or an upper estimate; as it is, two bytes a token.
  virtual Result<std::uint64_t> count_tokens(std::string_view text, const CallContext& call);
  // {"id":"..","context_tokens":..} each; the first is the default. UNIMPLEMENTED when it does not know.
  virtual Result<std::vector<std::string>> models(const CallContext& call);
};

}  // namespace aisci
