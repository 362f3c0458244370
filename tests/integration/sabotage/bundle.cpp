#include "integration/sabotage/bundle.hpp"

#include <aisci/statistics/verdict.hpp>

#include <algorithm>

#include "base/text.hpp"
#include "research/claims.hpp"

namespace aisci::sabotage {
namespace {

// The shipped plugins, ready to be asked.
struct Agents {
  testing::Folder folder{testing::Folder::in_memory()};
  Options options = [] {
    Options some;
    some.seed = 1;
    some.sandbox = "process";
    return some;
  }();
  std::unique_ptr<Ledger> ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
  std::shared_ptr<Registry> registry = open_registry(options).value();
  std::unique_ptr<ModelTasks> tasks = make_model_tasks(options, *registry, *ledger).value();
  Crew crew = make_crew(options, registry, *tasks, "/usr/bin/python3", {*ledger, false, {}}).value();
};

const std::vector<const char*>& questions() {
  static const std::vector<const char*> kQuestions = {
      "How does the choice of activation function affect Vision Transformers on small datasets?",
      "Does dropout help small convolutional networks?",
      "Does label smoothing improve accuracy on small datasets?",
      "Does weight decay interact with dropout in Vision Transformers?",
      "Is batch normalisation better than layer normalisation in an MLP?",
      "How does depth affect the accuracy of a Vision Transformer?",
      "Does a Vision Transformer beat a CNN on small datasets?",
      "Does GELU beat ReLU in Vision Transformers?"};
  return kQuestions;
}

}  // namespace

Result<json::object> ask(std::string_view task, const json::object& input) {
  static Agents agents;
  return agents.crew.act(task, input);
}

const std::vector<Bundle>& clean_bundles() {
  static const std::vector<Bundle> kBundles = [] {
    std::vector<Bundle> bundles;
    std::uint64_t seed = 100;
    for (const double effect : {0.0, 0.2, 0.45}) {
      for (const char* question : questions()) {
        testing::SimulatedWorld world;
        world.effect = effect;
        world.interaction = effect / 2;
        world.noise = seed % 2 == 0 ? 0.1 : 0.2;
        auto made = testing::simulate(question, ++seed, world);
        bundles.push_back({std::string{question} + ", seed " + std::to_string(seed), std::move(made.reviewed)});
      }
    }
    return bundles;
  }();
  return kBundles;
}

std::set<Weakness> raised(const json::object& study) {
  std::set<Weakness> all;
  for (const char* reviewer : {"careful", "demanding", "generous"}) {
    json::object input = study;
    input["reviewer"] = reviewer;
    const auto review = ask("review.review", input);
    EXPECT_TRUE(review.ok()) << review.status().to_string();
    if (!review.ok()) continue;
    for (const auto& value : array_of(*review, "weaknesses")) {
      const auto& weakness = value.as_object();
      all.insert({text_of(weakness, "rule"), text_of(weakness, "entry"), text_of(weakness, "weight"),
                  text_of(weakness, "text")});
    }
  }
  return all;
}

json::object& at(json::value& value) { return value.as_object(); }

json::object& member(json::object& object, std::string_view path) {
  json::object* here = &object;
  for (const auto& step : split(path, '.')) {
    if (!(*here)[step].is_object()) (*here)[step] = json::object{};
    here = &(*here)[step].as_object();
  }
  return *here;
}

json::array& list(json::object& object, std::string_view name) {
  auto& value = object[std::string{name}];
  if (!value.is_array()) value = json::array{};
  return value.as_array();
}

std::vector<json::object*> claims(json::object& study, const std::string& verdict) {
  std::vector<json::object*> found;
  for (auto& value : list(study, "claims"))
    if (verdict.empty() || text_of(at(value), "verdict") == verdict) found.push_back(&at(value));
  return found;
}

json::object* node_of(json::object& study, const json::object& claim) {
  for (auto& value : list(study, "nodes"))
    if (id(at(value)) == text_of(claim, "node")) return &at(value);
  return nullptr;
}

std::vector<json::object*> explored(json::object& study) {
  std::set<std::string> claimed;
  for (const auto* claim : claims(study)) claimed.insert(text_of(*claim, "node"));
  std::vector<json::object*> found;
  for (auto& value : list(study, "nodes"))
    if (claimed.count(id(at(value))) == 0 && !object_of(at(value), "evidence").empty()) found.push_back(&at(value));
  return found;
}

std::string id(const json::object& entry) { return text_of(entry, "id"); }
bool difference(const json::object& entry) {
  return text_of(object_of(object_of(entry, "plan"), "contrast"), "kind") == "difference";
}

json::array& values(json::object& entry, const std::string& arm) {
  return list(member(entry, "evidence.arms")[arm].as_object(), "values");
}

namespace {
std::string arm_of(const json::object& entry, bool positive) {
  for (const auto& weight : object_of(object_of(object_of(entry, "plan"), "contrast"), "weights"))
    if ((as_number(weight.value()) > 0) == positive) return std::string{weight.key()};
  return {};
}
}  // namespace
std::string treatment(const json::object& entry) { return arm_of(entry, true); }
std::string baseline(const json::object& entry) { return arm_of(entry, false); }

bool recompute(json::object& study, json::object& entry, double confidence) {
  const auto plan = read_plan(object_of(entry, "plan"));
  EXPECT_TRUE(plan.ok()) << plan.status().to_string();
  if (!plan.ok()) return false;
  const auto& seeds = array_of(object_of(entry, "evidence"), "blocks");
  std::vector<ScoredTrial> trials;
  for (const auto& arm : plan->arms) {
    const auto& scores = array_of(object_of(object_of(object_of(entry, "evidence"), "arms"), arm.id), "values");
    for (std::size_t block = 0; block < scores.size() && block < seeds.size(); ++block)
      trials.push_back({{"t", arm.id, static_cast<std::uint64_t>(as_number(seeds[block])), static_cast<int>(block)},
                        as_number(scores[block])});
  }
  if (confidence == 0) confidence = entry.contains("alpha") ? 1 - number_of(entry, "alpha") : 0.95;
  const auto evidence = compute_evidence(*plan, trials, confidence);
  if (!evidence.ok()) return false;
  entry["evidence"] = to_json(*evidence, *plan);
  if (entry.contains("verdict")) {
    const Interval interval = towards_prediction(evidence->contrast, plan->contrast.predicted_sign);
    entry["verdict"] =
        statistics::to_string(statistics::verdict(interval.lower, interval.upper, number_of(entry, "smallest_effect")));
  }
  refresh_facts(study, entry);
  return true;
}

void refresh_facts(json::object& study, const json::object& entry) {
  auto& facts = member(study, "facts");
  const auto set = [&](const std::string& name, double value) {
    if (!facts.contains(name)) return;
    auto& fact = facts[name].as_object();
    const std::string kind = text_of(fact, "kind");
    for (const auto known : {FactKind::kCount, FactKind::kNumber, FactKind::kFraction, FactKind::kPoints,
                             FactKind::kLogit, FactKind::kPValue})
      if (kind == to_string(known)) {
        fact["value"] = value;
        fact["text"] = make_fact(value, known).text;
      }
  };
  const auto& evidence = object_of(entry, "evidence");
  for (const auto& arm : object_of(evidence, "arms"))
    for (const char* name : {"mean", "sd", "lower", "upper"})
      set(id(entry) + "." + std::string{arm.key()} + "." + name, number_of(arm.value().as_object(), name));
  for (const char* name : {"mean", "sd", "lower", "upper", "p", "sign_flip_p", "smallest_p", "d"})
    set(id(entry) + ".contrast." + name, number_of(object_of(evidence, "contrast"), name));
  if (!entry.contains("verdict")) set(id(entry) + ".n", static_cast<double>(array_of(evidence, "blocks").size()));
}

void redraw(json::object& study) {
  const auto figures = ask("analysis.figures", study);
  EXPECT_TRUE(figures.ok()) << figures.status().to_string();
  if (figures.ok()) study["figures"] = array_of(*figures, "figures");
}

void keep_blocks(json::object& entry, std::size_t count) {
  const auto shorten = [&](json::array& array) {
    if (array.size() > count) array.resize(count);
  };
  shorten(list(member(entry, "evidence"), "blocks"));
  for (auto& arm : member(entry, "evidence.arms")) shorten(list(arm.value().as_object(), "values"));
}

json::object* section(json::object& study, std::string_view start) {
  for (const char* part : {"sections", "appendix"})
    for (auto& value : list(member(study, "paper"), part))
      if (text_of(at(value), "id").rfind(start, 0) == 0) return &at(value);
  return nullptr;
}

void say(json::object& study, std::string_view where, const std::string& sentence) {
  if (where == "abstract") {
    auto& paper = member(study, "paper");
    paper["abstract"] = text_of(paper, "abstract") + " " + sentence;
    return;
  }
  auto* target = section(study, where);
  ASSERT_NE(target, nullptr) << where;
  list(*target, "blocks").push_back(json::object{{"type", "paragraph"}, {"text", sentence}});
}

json::object* table(json::object& study, std::string_view id) {
  for (const char* part : {"sections", "appendix"})
    for (auto& one : list(member(study, "paper"), part))
      for (auto& block : list(at(one), "blocks"))
        if (text_of(at(block), "id") == id) return &at(block);
  return nullptr;
}

bool replace_in_paper(json::object& study, const std::string& from, const std::string& to) {
  const std::string before = json::serialize(study.at("paper"));
  const std::string after = replace_all(before, from, to);
  study["paper"] = json::parse(after);
  return before != after;
}

}  // namespace aisci::sabotage
