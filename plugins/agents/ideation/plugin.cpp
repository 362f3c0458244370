// The agent "ideation": reads the question, proposes hypotheses, and proposes more from results.
#include <aisci/plugin/agent.hpp>

#include "answers.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace {

namespace kit = aisci::kit;
using aisci::plugin::Call;
using aisci::plugin::Code;
using aisci::plugin::Error;

class Ideation final : public aisci::plugin::Agent {
 public:
  explicit Ideation(const aisci::plugin::Setup& setup)
      : prompts_{setup.data_folder, {"ideation.scope", "ideation.hypotheses", "ideation.refine"}} {}

  std::vector<std::string> tasks() override { return {"ideation.scope", "ideation.hypotheses", "ideation.refine"}; }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    const std::string name{task};
    if (name != "ideation.scope" && name != "ideation.hypotheses" && name != "ideation.refine")
      throw Error{Code::kUnimplemented, "the agent ideation has no task " + name};
    const json::object input = kit::parse_object(input_json, "the input of " + name);
    const json::object answer = prompts_.ask(name, input, call);
    if (name == "ideation.scope") return json::serialize(aisci::ideation::checked_scope(input, answer));
    const bool refine = name == "ideation.refine";
    std::vector<const json::object*> tried;
    if (refine) {
      tried = kit::objects_of(input, "tried");
      for (const auto* node : kit::objects_of(input, "nodes")) tried.push_back(node);
    }
    return json::serialize(aisci::ideation::checked_hypotheses(
        kit::object_of(input, "template"), kit::objects_of(input, refine ? "literature" : "records"), tried, answer));
  }

 private:
  kit::Prompts prompts_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.ideation", "0.1.0", AISCI_AGENT("ideation", Ideation))
