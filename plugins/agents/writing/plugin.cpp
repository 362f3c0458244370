// The agent `writing`: the paper's model and its revision, each by one model task and, when the answer breaks a rule of
// text with references, by one more that is told what is wrong.
#include <aisci/plugin/agent.hpp>

#include "kit/document.hpp"
#include "kit/prompt.hpp"
#include "paper_check.hpp"

namespace {

using namespace aisci::plugin;
namespace kit = aisci::kit;
namespace writing = aisci::writing;

json::array as_array(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

class Writing final : public Agent {
 public:
  explicit Writing(const Setup& setup) : prompts_{setup.data_folder, {"writing.paper", "writing.revise"}} {}

  std::vector<std::string> tasks() override { return {"writing.paper", "writing.revise"}; }

  std::string act(std::string_view task, std::string_view input_json, Call& call) override {
    const std::string name{task};
    if (name != "writing.paper" && name != "writing.revise")
      throw Error{Code::kUnimplemented, "the agent writing has no task " + name};
    const json::object input = kit::parse_object(input_json, "the input of " + name);
    json::object answer = prompts_.ask(name, input, call);
    std::vector<std::string> problems = problems_of(name, answer, input);
    std::vector<std::string> told = problems;
    for (auto& advice : writing::unbound_comparatives(paper_of(name, answer))) told.push_back(std::move(advice));
    for (auto& advice : writing::repeated_phrases(paper_of(name, answer), input)) told.push_back(std::move(advice));
    if (told.empty()) return json::serialize(answer);
    call.log(Level::kInfo,
             "the answer to " + name + " breaks " + std::to_string(told.size()) + " rules; asking once more");
    answer = ask_again(name, input, answer, told, call);
    problems = problems_of(name, answer, input);
    if (problems.empty()) return json::serialize(answer);
    std::string message = "the answer to " + name + " may not be printed:";
    for (std::size_t i = 0; i < problems.size() && i < 5; ++i) message += "\n  " + problems[i];
    throw Error{Code::kFailedPrecondition, message, json::serialize(json::object{{"problems", as_array(problems)}})};
  }

 private:
  static const json::object& paper_of(const std::string& task, const json::object& answer) {
    return task == "writing.paper" ? answer : kit::object_of(answer, "paper");
  }

  static std::vector<std::string> problems_of(const std::string& task, const json::object& answer,
                                              const json::object& input) {
    std::vector<std::string> problems = writing::paper_problems(paper_of(task, answer), input);
    if (task == "writing.revise")
      for (auto& problem : writing::response_problems(answer, input)) problems.push_back(std::move(problem));
    return problems;
  }

  // The same task with the answer and what is wrong with it, in the input for those who read that, in messages for the
  // rest.
  json::object ask_again(const std::string& task, json::object input, const json::object& answer,
                         const std::vector<std::string>& problems, Call& call) const {
    json::array messages = json::parse(prompts_.messages(task, input)).as_array();
    input["problems"] = as_array(problems);
    std::string told =
        "Your answer breaks the rules of text with references in these places. Answer again with the whole document, "
        "these places mended and nothing else changed:";
    for (const auto& problem : problems) told += "\n- " + problem;
    messages.push_back(json::object{{"role", "assistant"}, {"content", json::serialize(answer)}});
    messages.push_back(json::object{{"role", "user"}, {"content", told}});
    return kit::parse_object(
        call.model_task(task, json::serialize(input), json::serialize(messages), prompts_.schema(task)),
        "the second answer to " + task);
  }

  kit::Prompts prompts_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.agent-writing", "0.1.0", AISCI_AGENT("writing", Writing))
