// The agent "design": offers the template library and turns a hypothesis into a plan with code.
#include <aisci/plugin/agent.hpp>

#include "assembly.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"
#include "templates.hpp"

namespace {

namespace design = aisci::design;
namespace kit = aisci::kit;
using aisci::plugin::Call;
using aisci::plugin::Code;
using aisci::plugin::Error;

class Design final : public aisci::plugin::Agent {
 public:
  explicit Design(const aisci::plugin::Setup& setup)
      : templates_{setup.data_folder + "/templates"}, prompts_{setup.data_folder, {"design.plan", "design.repair"}} {}

  std::vector<std::string> tasks() override {
    return {"design.catalogue", "design.plan", "design.prepare", "design.repair"};
  }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    const std::string name{task};
    const json::object input = kit::parse_object(input_json, "the input of " + name);
    if (name == "design.catalogue") return json::serialize(json::object{{"templates", templates_.manifests()}});
    if (name == "design.prepare") return json::serialize(prepare(template_named_in(input, "template")));
    if (name == "design.plan") return json::serialize(plan(input, call));
    if (name == "design.repair") return json::serialize(prompts_.ask(name, input, call));
    throw Error{Code::kUnimplemented, "the agent design has no task " + name};
  }

 private:
  // A template is named, or given as its manifest.
  static std::string template_named_in(const json::object& input, const char* member) {
    const std::string name = kit::text_of(input, member);
    return name.empty() ? kit::text_of(kit::object_of(input, member), "name") : name;
  }

  json::object prepare(const std::string& name) const {
    return {{"program", kit::array_of(templates_.manifest(name), "prepare")},
            {"code", templates_.files(name, "prepare_files")}};
  }

  json::object plan(const json::object& input, Call& call) const {
    const auto& hypothesis = kit::object_of(input, "hypothesis");
    std::string name = template_named_in(input, "template");
    if (name.empty()) name = kit::text_of(hypothesis, "template");
    const auto& manifest = templates_.manifest(name);
    json::object question = input;
    question["template"] = manifest;
    // Assembled once without the model: what cannot be planned costs no request.
    (void)design::assembled_plan(hypothesis, manifest, {}, kit::number_of(input, "blocks"));
    const json::object decisions = prompts_.ask("design.plan", question, call);
    return {{"plan", design::assembled_plan(hypothesis, manifest, decisions, kit::number_of(input, "blocks"))},
            {"code", templates_.files(name, "files")}};
  }

  design::Templates templates_;
  kit::Prompts prompts_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.design", "0.1.0", AISCI_AGENT("design", Design))
