// The agent "review": reviews a paper against the study's evidence, and merges reviews into points to answer.
#include <aisci/plugin/agent.hpp>

#include "answers.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace {

namespace kit = aisci::kit;
using aisci::plugin::Call;
using aisci::plugin::Code;
using aisci::plugin::Error;

class Review final : public aisci::plugin::Agent {
 public:
  explicit Review(const aisci::plugin::Setup& setup)
      : prompts_{setup.data_folder, {"review.review", "review.meta"}},
        anchors_{kit::parse_object(kit::read_text_file(setup.data_folder + "/anchors.json"), "anchors.json")} {}

  std::vector<std::string> tasks() override { return {"review.review", "review.meta"}; }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    const std::string name{task};
    if (name != "review.review" && name != "review.meta")
      throw Error{Code::kUnimplemented, "the agent review has no task " + name};
    json::object input = kit::parse_object(input_json, "the input of " + name);
    if (name == "review.review") input["anchors"] = anchors_;
    json::object answer = prompts_.ask(name, input, call);
    return json::serialize(name == "review.meta" ? aisci::review::checked_meta(input, std::move(answer))
                                                 : aisci::review::checked_review(input, std::move(answer)));
  }

 private:
  kit::Prompts prompts_;
  json::object anchors_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.review", "0.1.0", AISCI_AGENT("review", Review))
