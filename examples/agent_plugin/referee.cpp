// An agent: a referee that reads a paper by rules of thumb, and asks the configured model for a second opinion when
// there is one.
//
//   cmake -B build && cmake --build build          (find_package(aisci COMPONENTS plugin_sdk), aisci_add_plugin)
//   aisci plugin check build/plugins/referee/referee.so
//
// {"title":"..","claims":[{"text":"..","evidence":".."}]} in; {"remarks":[{"place","text"}],"score":0..10} out.
#include <aisci/plugin/agent.hpp>
#include <aisci/plugin/json.hpp>

using namespace aisci::plugin;

class Referee final : public Agent {
 public:
  // With "second_opinion": true it cannot do without a model, and says so now and not in the middle of a study.
  explicit Referee(const Setup& setup) : asks_{json::parse(setup.config_json)["second_opinion"].flag()} {
    if (asks_ && !setup.host.offers_model_tasks())
      throw Error{Code::kFailedPrecondition, "second_opinion needs a model; configure one, or leave it out"};
  }

  std::vector<std::string> tasks() override { return {"referee.read"}; }

  std::string act(std::string_view task, std::string_view input, Call& call) override {
    if (task != "referee.read") throw Error{Code::kUnimplemented, "no task " + std::string{task}};
    const json::Value paper = json::parse(input);
    json::Value remarks = json::Value::Array{};
    if (paper["title"].text().empty()) remarks.push(remark("title", "the paper has none"));
    int supported = 0, claims = 0;
    for (const json::Value& claim : paper["claims"].items()) {
      if (call.is_cancelled()) throw Error{Code::kCancelled, "stopped after " + std::to_string(claims) + " claims"};
      const std::string place = "claim " + std::to_string(++claims);
      if (claim["evidence"].text().empty())
        remarks.push(remark(place, "nothing is offered in its support"));
      else
        ++supported;
      call.progress(static_cast<double>(claims) / static_cast<double>(paper["claims"].items().size()), place);
    }
    if (asks_) remarks.push(remark("paper", second_opinion(input, call)));
    json::Value output;
    output.set("remarks", remarks).set("score", claims == 0 ? 0.0 : 10.0 * supported / claims);
    return json::write(output);
  }

 private:
  static json::Value remark(const std::string& place, const std::string& text) {
    json::Value value;
    value.set("place", place).set("text", text);
    return value;
  }

  // What the model says is data: it is quoted, and never obeyed.
  static std::string second_opinion(std::string_view paper, Call& call) {
    json::Value message, messages = json::Value::Array{};
    message.set("role", "user")
        .set("content", "In one sentence: what is weakest in this paper?\n" + std::string{paper});
    messages.push(message);
    const std::string answer =
        call.model_task("referee.weakest", paper, json::write(messages),
                        R"({"type":"object","properties":{"weakest":{"type":"string"}},"required":["weakest"]})");
    return json::parse(answer)["weakest"].text();
  }

  bool asks_;
};

AISCI_PLUGIN("org.example.referee", "1.0.0", AISCI_AGENT("referee", Referee))
