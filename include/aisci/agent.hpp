// Agent: does named pieces of research work, JSON document in, JSON document out.
//
//   class Shouter final : public aisci::Agent {
//    public:
//     aisci::Result<std::vector<std::string>> tasks(const aisci::CallContext&) override {
//       return std::vector<std::string>{"review.review"};
//     }
//     aisci::Result<std::string> act(std::string_view task, std::string_view input,
//                                    const aisci::CallContext& call) override {
//       if (call.is_cancelled()) return aisci::cancelled("stopped");
//       if (task != "review.review") return aisci::unimplemented("no task " + std::string{task});
//       return std::string{R"({"summary":"fine","read_bytes":)"} + std::to_string(input.size()) + "}";
//     }
//   };
//   registry.register_component<aisci::Agent>("shouter", std::make_shared<Shouter>());
//
// Tasks are named ROLE.TASK, roles being ideation, design, analysis, writing and review; the documents
// of each are described in docs/guide/documents.md.
//
// Threads: aisci makes one call at a time on one object.
// Since 0.1.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/export.hpp>

#include <vector>

namespace aisci {

class AISCI_API Agent {
 public:
  virtual ~Agent() = default;
  // Names of the tasks it can do.
  virtual Result<std::vector<std::string>> tasks(const CallContext& call) = 0;
  // Does one. UNIMPLEMENTED for a task it does not list.
  virtual Result<std::string> act(std::string_view task, std::string_view input_json, const CallContext& call) = 0;
};

}  // namespace aisci
