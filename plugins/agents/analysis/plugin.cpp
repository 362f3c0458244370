// The agent `analysis`: findings by a model, figures by the shape of the data.
#include <aisci/plugin/agent.hpp>

#include <algorithm>
#include <filesystem>

#include "figures.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace {

using namespace aisci::plugin;

class Analysis final : public Agent {
 public:
  explicit Analysis(const Setup& setup)
      : figures_{setup.data_folder + "/figures"}, prompts_{setup.data_folder, {"analysis.findings"}} {}

  std::vector<std::string> tasks() override { return {"analysis.findings", "analysis.figures", "analysis.plotting"}; }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    const json::object input = aisci::kit::parse_object(input_json, "the input of " + std::string{task});
    if (task == "analysis.figures") return json::serialize(aisci::analysis::choose_figures(input));
    if (task == "analysis.plotting") return json::serialize(plotting());
    if (task == "analysis.findings") {
      json::object study = input;
      study["curves"] =
          aisci::analysis::curve_ends(aisci::kit::object_of(input, "curves"));  // figures alone need the rest
      return json::serialize(prompts_.ask(std::string{task}, study, call));
    }
    throw Error{Code::kUnimplemented, "the agent analysis has no task " + std::string{task}};
  }

 private:
  json::object plotting() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{figures_})
      if (entry.path().extension() == ".py") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    json::object code;
    for (const auto& file : files) code[file.filename().string()] = aisci::kit::read_text_file(file.string());
    return {{"program", json::array{"python3", "/job/plot.py"}}, {"code", std::move(code)}};
  }

  std::string figures_;
  aisci::kit::Prompts prompts_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.agent-analysis", "0.1.0", AISCI_AGENT("analysis", Analysis))
