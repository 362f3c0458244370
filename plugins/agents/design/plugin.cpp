// The agent "design": offers the template library and turns a hypothesis into a plan with code.
#include <aisci/plugin/agent.hpp>

#include <algorithm>
#include <optional>

#include "assembly.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"
#include "templates.hpp"
#include "written.hpp"

namespace {

namespace design = aisci::design;
namespace kit = aisci::kit;
using aisci::plugin::Call;
using aisci::plugin::Code;
using aisci::plugin::Error;

class Design final : public aisci::plugin::Agent {
 public:
  explicit Design(const aisci::plugin::Setup& setup)
      : shipped_{setup.data_folder + "/templates"},
        prompts_{setup.data_folder, {"design.plan", "design.repair", "design.write"}} {}

  std::vector<std::string> tasks() override {
    return {"design.catalogue", "design.describe", "design.plan", "design.prepare", "design.repair", "design.write"};
  }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    const std::string name{task};
    if (const auto known = tasks(); std::find(known.begin(), known.end(), name) == known.end())
      throw Error{Code::kUnimplemented, "the agent design has no task " + name};
    json::object input = kit::parse_object(input_json, "the input of " + name);
    // A study that was given a template of its own has it in a folder of its own, and uses no other.
    std::optional<design::Templates> own;
    if (const std::string folder = kit::text_of(input, "folder"); !folder.empty()) own.emplace(folder);
    input.erase("folder");  // where a study lies is no part of what is asked of a model
    const design::Templates& templates = own ? *own : shipped_;
    if (name == "design.catalogue")
      return json::serialize(json::object{{"templates", templates.manifests(kit::flag_of(input, "own_data"))}});
    if (name == "design.repair") return json::serialize(prompts_.ask(name, input, call));
    if (name == "design.write") return json::serialize(write(input, call));
    const json::object manifest = manifest_in(input, templates);
    if (name == "design.describe") {
      const auto& own_data = kit::object_of(manifest, "own_data");
      json::object named = own_data;
      named["name"] = kit::text_of(manifest, "name");
      return json::serialize(
          json::object{{"program", kit::array_of(own_data, "program")}, {"code", templates.files(named, "files")}});
    }
    if (name == "design.prepare")
      return json::serialize(json::object{{"program", kit::array_of(manifest, "prepare")},
                                          {"code", templates.files(manifest, "prepare_files")}});
    return json::serialize(plan(input, manifest, templates, call));
  }

 private:
  // What is wrong with an answer goes back to whoever asks again: it knows what a trial run found as well.
  json::object write(const json::object& input, Call& call) const {
    const json::object answer = prompts_.ask("design.write", input, call);
    design::Written written = design::written_template(answer);
    return {{"template", std::move(written.manifest)},
            {"code", std::move(written.code)},
            {"told", kit::text_of(answer, "told")},
            {"problems", json::array(written.problems.begin(), written.problems.end())}};
  }

  // A template is named, or given as its manifest: that of data of the user's own is in no library.
  static json::object manifest_in(const json::object& input, const design::Templates& templates) {
    if (const auto& given = kit::object_of(input, "template"); given.contains("factors")) return given;
    std::string name = kit::text_of(input, "template", kit::text_of(kit::object_of(input, "template"), "name"));
    if (name.empty()) name = kit::text_of(kit::object_of(input, "hypothesis"), "template");
    return templates.manifest(name);
  }

  json::object plan(const json::object& input, const json::object& manifest, const design::Templates& templates,
                    Call& call) const {
    const auto& hypothesis = kit::object_of(input, "hypothesis");
    json::object question = input;
    question["template"] = manifest;
    // Assembled once without the model: what cannot be planned costs no request.
    (void)design::assembled_plan(hypothesis, manifest, {}, kit::number_of(input, "blocks"));
    const json::object decisions = prompts_.ask("design.plan", question, call);
    return {{"plan", design::assembled_plan(hypothesis, manifest, decisions, kit::number_of(input, "blocks"))},
            {"code", templates.files(manifest, "files")}};
  }

  design::Templates shipped_;
  kit::Prompts prompts_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.design", "0.1.0", AISCI_AGENT("design", Design))
