// The agent `writing`: the paper's model and its revision, each by one model task.
#include <aisci/plugin/agent.hpp>

#include "kit/prompt.hpp"

namespace {

using namespace aisci::plugin;

class Writing final : public Agent {
 public:
  explicit Writing(const Setup& setup) : prompts_{setup.data_folder, {"writing.paper", "writing.revise"}} {}

  std::vector<std::string> tasks() override { return {"writing.paper", "writing.revise"}; }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    if (task != "writing.paper" && task != "writing.revise") throw Error{Code::kUnimplemented, "the agent writing has no task " + std::string{task}};
    const json::object input = aisci::kit::parse_object(input_json, "the input of " + std::string{task});
    return json::serialize(prompts_.ask(std::string{task}, input, call));
  }

 private:
  aisci::kit::Prompts prompts_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.agent-writing", "0.1.0", AISCI_AGENT("writing", Writing))
