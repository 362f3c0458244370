// An agent: does named pieces of research work, document in, document out.
//
//   class Referee final : public aisci::plugin::Agent {
//    public:
//     std::vector<std::string> tasks() override { return {"review.review"}; }
//     std::string act(std::string_view task, std::string_view input, aisci::plugin::Call& call) override {
//       return call.model_task(task, input, R"([{"role":"user","content":"..."}])", R"({"type":"object"})");
//     }
//   };
//   AISCI_PLUGIN("org.example.referee", "1.0.0", AISCI_AGENT("referee", Referee))
//
// Threads: one call at a time on one instance, unless the class says kConcurrent (plugin.hpp).
// Since 0.1.
#pragma once

#include <aisci/abi/draft/agent.h>
#include <aisci/plugin/plugin.hpp>

#include <vector>

namespace aisci::plugin {

class Agent {
 public:
  struct Kind;
  virtual ~Agent() = default;

  // Names of the tasks it can do.
  virtual std::vector<std::string> tasks() = 0;
  // Does one: returns the output document. Throw UNIMPLEMENTED for a task that is not listed.
  virtual std::string act(std::string_view task, std::string_view input_json, Call& call) = 0;
};

struct Agent::Kind {
  static constexpr const char* kName = "agent";
  static constexpr const char* kInterface = AISCI_AGENT_1;

  static std::int32_t tasks(aisci_instance_t* instance, const aisci_call_t* raw, aisci_sink_t* names) noexcept {
    return detail::answer<Agent>(instance, raw, [&](Agent& object, Call&) {
      detail::HostSink sink{names};
      for (const std::string& name : object.tasks()) sink.write(name);
    });
  }
  static std::int32_t act(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t task, aisci_bytes_t input,
                          aisci_sink_t* output) noexcept {
    return detail::answer<Agent>(instance, raw, [&](Agent& object, Call& call) {
      detail::HostSink{output}.write(object.act(detail::view(task), detail::view(input), call));
    });
  }
  static const void* table() noexcept;
};

namespace detail {
AISCI_SDK_LOCAL inline constexpr aisci_agent_t kAgentTable{sizeof(aisci_agent_t), 0, &Agent::Kind::tasks,
                                                           &Agent::Kind::act};
}
inline const void* Agent::Kind::table() noexcept { return &detail::kAgentTable; }

}  // namespace aisci::plugin

#define AISCI_AGENT(id, Class) ::aisci::plugin::detail::entry<::aisci::plugin::Agent, Class>(id)
