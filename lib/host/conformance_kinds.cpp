// The suites of the six kinds. Rules are numbered as in docs/abi/README.md.
#include "base/json.hpp"
#include "base/text.hpp"
#include "host/conformance_bench.hpp"

#include <array>
#include <filesystem>
#include <set>

#include <stdlib.h>

namespace aisci {
namespace {

using host::Bench;

Sink into(std::vector<std::string>& texts) {
  return [&texts](std::string_view text) {
    texts.emplace_back(text);
    return Status{};
  };
}

// The first text that is not an object with these members, with why; "" when all are.
std::string misfit(const std::vector<std::string>& texts, const std::vector<std::string_view>& members) {
  for (const std::string& text : texts) {
    const Result<json::object> object = parse_json_object(text, "the document");
    if (!object.ok()) return object.status().message() + ": " + text.substr(0, 200);
    for (const std::string_view name : members)
      if (!object->contains(name)) return "no `" + std::string{name} + "` in " + text.substr(0, 200);
  }
  return {};
}

std::vector<NodeView> some_nodes() {
  std::vector<NodeView> nodes(3);
  const auto blob = [](std::string_view name) -> Result<std::string_view> {
    if (name == "code") return std::string_view{"print(1)\n"};
    if (name == "hypothesis") return std::string_view{R"({"statement":"A is better than B"})"};
    return not_found("no such document");
  };
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    nodes[i].id = i;
    nodes[i].depth = 1;
    nodes[i].visits = i;
    nodes[i].metrics = {{"accuracy", 0.7}, {"feasibility", 0.9}, {"novelty", 0.5}, {"significance", 0.2 * double(i)}};
    nodes[i].blob = blob;
  }
  return nodes;
}

std::string differ(const std::vector<Score>& a, const std::vector<Score>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].code != b[i].code || (a[i].code == StatusCode::kOk && a[i].value != b[i].value))
      return "node " + std::to_string(i) + ": first " + fixed(a[i].value, 6) + ", then " + fixed(b[i].value, 6);
  return {};
}

}  // namespace

void check_component(ValueFunction& component, const std::string& name, ConformanceReport& report) {
  Bench bench{report, name};
  const std::vector<NodeView> nodes = some_nodes();
  std::vector<Score> scores(nodes.size()), again(nodes.size()), alone(nodes.size());
  const auto evaluate = [&](std::size_t from, std::size_t count, std::vector<Score>& out) {
    return [&, from, count](const CallContext& call) {
      return component.evaluate(std::span{nodes}.subspan(from, count), std::span{out}.subspan(from, count), call);
    };
  };
  if (!bench.succeeds("V1", "evaluated three nodes, one without metrics or documents", evaluate(0, 3, scores))) return;
  for (const Score& score : scores)
    bench.expect("V1", "evaluated three nodes", "values from 0 to 1, or a code for the node",
                 score.code != StatusCode::kOk || (score.value >= 0 && score.value <= 1), fixed(score.value, 6));
  if (bench.succeeds("V2", "evaluated the same nodes again", evaluate(0, 3, again))) {
    const std::string difference = differ(scores, again);
    bench.expect("V2", "evaluated the same nodes twice", "the same scores", difference.empty(), difference);
  }
  bool all = true;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    all = all && bench.succeeds("V3", "evaluated node " + std::to_string(i) + " by itself", evaluate(i, 1, alone));
  if (all) {
    const std::string difference = differ(scores, alone);
    bench.expect("V3", "evaluated each node by itself", "the scores it has among others", difference.empty(),
                 difference);
  }
  bench.succeeds("V4", "evaluated no node", evaluate(0, 0, scores));
  bench.cancelled("evaluated when cancelled", evaluate(0, 3, scores));
}

void check_component(Agent& component, const std::string& name, ConformanceReport& report) {
  Bench bench{report, name};
  std::vector<std::string> tasks;
  const auto ask = [&](const CallContext& call) -> Status {
    AISCI_ASSIGN_OR_RETURN(tasks, component.tasks(call));
    return {};
  };
  if (!bench.succeeds("A1", "asked for its tasks", ask)) return;
  bench.expect("A1", "asked for its tasks", "at least one, each once",
               !tasks.empty() && std::set<std::string>(tasks.begin(), tasks.end()).size() == tasks.size(),
               std::to_string(tasks.size()) + " names");
  const auto act = [&](const std::string& task, std::string& output) {
    return [&, task](const CallContext& call) -> Status {
      AISCI_ASSIGN_OR_RETURN(output, component.act(task, "{}", call));
      return {};
    };
  };
  Status outcome;
  std::string output;
  if (bench.sound("asked for a task that it does not list", act("aisci.check.no-such-task", output), outcome))
    bench.expect("A2", "asked for a task that it does not list", "UNIMPLEMENTED",
                 outcome.code() == StatusCode::kUnimplemented, outcome.to_string());
  for (const std::string& task : tasks) {
    const std::string done = "did " + task + " with the input {}";
    output.clear();
    if (!bench.sound(done, act(task, output), outcome) || !outcome.ok()) continue;
    const std::string why = misfit({output}, {});
    bench.expect("A3", done, "one JSON object, or a failure", why.empty(), why);
  }
  if (!tasks.empty()) bench.cancelled("did " + tasks.front() + " when cancelled", act(tasks.front(), output));
}

void check_component(LLMProvider& component, const std::string& name, ConformanceReport& report) {
  Bench bench{report, name};
  std::vector<std::string> texts;
  const auto complete = [&](std::string_view request) {
    return [&, request](const CallContext& call) { return component.complete(request, {}, into(texts), call); };
  };
  Status outcome;
  const std::string done = "asked it to say hello";
  if (bench.sound(done,
                  complete(R"({"task":"check.hello","input":{},"messages":[{"role":"user","content":"Say hello."}],)"
                           R"("schema":{"type":"object"},"max_output_tokens":64})"),
                  outcome)) {
    if (outcome.ok()) {
      const std::string why =
          texts.size() == 1 ? misfit(texts, {"text", "model", "finish"}) : std::to_string(texts.size()) + " documents";
      bench.expect("L1", done, "one response with text, model and finish", why.empty(), why);
    } else {
      bench.not_checked("L1", done, outcome.to_string());
    }
  }
  if (bench.sound("sent a request that is no JSON", complete("{"), outcome))
    bench.expect("L2", "sent a request that is no JSON", "a failure", !outcome.ok(), "OK");
  std::uint64_t none = 0, tokens = 0;
  const auto count = [&](const CallContext& call) -> Status {
    AISCI_ASSIGN_OR_RETURN(none, component.count_tokens("", call));
    AISCI_ASSIGN_OR_RETURN(tokens, component.count_tokens("Seven short words are in this sentence.", call));
    return {};
  };
  if (bench.succeeds("L3", "counted the tokens of a sentence", count, Bench::Need::kOptional))
    bench.expect("L3", "counted the tokens of a sentence of 39 bytes", "no more than 80, and no fewer than for nothing",
                 tokens <= 80 && none <= tokens, std::to_string(tokens) + ", and for nothing " + std::to_string(none));
  std::vector<std::string> models;
  const auto list = [&](const CallContext& call) -> Status {
    AISCI_ASSIGN_OR_RETURN(models, component.models(call));
    return {};
  };
  if (bench.succeeds("L4", "asked for its models", list, Bench::Need::kOptional)) {
    const std::string why = models.empty() ? "none" : misfit(models, {"id"});
    bench.expect("L4", "asked for its models", "an object with an id for each", why.empty(), why);
  }
  bench.cancelled("asked when cancelled", complete(R"({"task":"check.hello","input":{},"messages":[]})"));
}

void check_component(Retriever& component, const std::string& name, ConformanceReport& report) {
  Bench bench{report, name};
  std::vector<std::string> records;
  const auto search = [&](std::uint32_t k) {
    return [&, k](const CallContext& call) { return component.search("neural network", k, into(records), call); };
  };
  if (bench.succeeds("R1", "searched for no record", search(0)))
    bench.expect("R1", "searched for no record", "none", records.empty(), std::to_string(records.size()));
  records.clear();
  if (bench.succeeds("R1", "searched for two records", search(2))) {
    bench.expect("R1", "searched for two records", "at most two", records.size() <= 2, std::to_string(records.size()));
    const std::string why = misfit(records, {"key"});
    bench.expect("R2", "searched for two records", "objects with a key", why.empty(), why);
  }
  const auto fetch = [&](const std::string& id, std::vector<std::string>& out) {
    return [&, id](const CallContext& call) { return component.fetch(id, into(out), call); };
  };
  std::vector<std::string> fetched;
  if (const auto found = parse_json_object(records.empty() ? "" : records.front(), "record"); found.ok()) {
    const std::string key = text_of(*found, "key");
    if (bench.succeeds("R3", "fetched " + key, fetch(key, fetched))) {
      const std::string why = misfit(fetched, {"key"});
      bench.expect("R3", "fetched " + key, "one record with a key", fetched.size() == 1 && why.empty(), why);
    }
  }
  Status outcome;
  if (bench.sound("fetched what is not there", fetch("aisci-check-no-such-record", fetched), outcome)) {
    if (host::is_circumstance(outcome.code()))
      bench.not_checked("R4", "fetched what is not there", outcome.to_string());
    else
      bench.expect("R4", "fetched what is not there", "NOT_FOUND", outcome.code() == StatusCode::kNotFound,
                   outcome.to_string());
  }
  bench.cancelled("searched when cancelled", search(2));
}

void check_component(Writer& component, const std::string& name, ConformanceReport& report) {
  Bench bench{report, name};
  static constexpr std::string_view kPaper = R"({"title":"A check","sections":[]})";
  std::vector<std::string> files, again;
  const auto render = [&](std::string_view paper, std::vector<std::string>& out) {
    return [&, paper](const CallContext& call) { return component.render(paper, "{}", into(out), call); };
  };
  Status outcome;
  if (bench.sound("rendered a paper with a title alone", render(kPaper, files), outcome)) {
    if (outcome.ok()) {
      const std::string why = misfit(files, {});
      bench.expect("W1", "rendered a paper with a title alone", "JSON objects", why.empty(), why);
      if (bench.succeeds("W2", "rendered it again", render(kPaper, again)))
        bench.expect("W2", "rendered the same paper twice", "the same bytes", files == again, "others");
    } else {
      bench.not_checked("W1", "rendered a paper with a title alone", outcome.to_string());
    }
  }
  (void)bench.sound("rendered a paper that is no JSON", render("{", again), outcome);
  std::string problems;
  if (bench.succeeds("W4", "checked the paper", [&](const CallContext& call) -> Status {
        AISCI_ASSIGN_OR_RETURN(problems, component.check(kPaper, call));
        return {};
      })) {
    const std::string why = misfit({problems}, {"problems"});
    bench.expect("W4", "checked the paper", "an object with problems", why.empty(), why);
  }
  bench.cancelled("rendered when cancelled", render(kPaper, again));
}

}  // namespace aisci
