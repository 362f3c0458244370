// Templates that a model wrote: what is taken over, and that everything wrong is said at once.
#include <gtest/gtest.h>

#include "agents/design/assembly.hpp"
#include "agents/design/templates.hpp"
#include "agents/design/written.hpp"
#include "kit/document.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci {
namespace {

using kit::object_of;
using kit::text_of;

json::object answer() {
  return json::parse(R"json({
    "template": {
      "title": "Comparisons of sorts", "population": "arrays of distinct numbers",
      "terms": {"subject": "sort", "subjects": "sorts", "other": "is left out"},
      "dataset": {"title": "permutations", "split_rule": "drawn apart", "path": "/etc"},
      "metric": "comparisons",
      "metrics": {"comparisons": {"title": "comparisons", "direction": "lower", "smallest_effect": 0.1, "scored_by": "program"},
                  "share": {"title": "share found", "direction": "higher", "smallest_effect": 0.1, "scored_by": "host",
                            "scoring": "accuracy", "unit": "fraction", "chance": 0.5}},
      "factors": {"pivot": {"title": "pivot", "kind": "categorical", "levels": ["random", "median_of_three"], "default": "random",
                            "role": "model"},
                  "size": {"title": "size", "kind": "ordered", "levels": [100, 0.5], "default": 100, "role": "model"}},
      "details": [{"text": "Sorts of {{level:size.100}} numbers count every comparison.", "applies_to": {"factor": "size", "levels": [100]},
                   "metrics": ["comparisons"], "other": 1}],
      "cost": {"seconds_per_trial": 0.1}, "limits": {"memory_mb": 512, "network": true}, "program": ["rm", "-rf", "/"]},
    "code": {"prepare.py": "x = 1", "experiment.py": "import aisci_experiment", "pivots.py": "y = 2"},
    "told": "Written."})json")
      .as_object();
}

std::vector<std::string> problems(const std::function<void(json::object&, json::object&)>& spoil) {
  json::object given = answer();
  spoil(given["template"].as_object(), given["code"].as_object());
  return design::written_template(given).problems;
}

using Problems = std::vector<std::string>;

TEST(WrittenTemplate, IsATemplateLikeAnyOther) {
  const auto written = design::written_template(answer());
  EXPECT_EQ(written.problems, Problems{});
  const auto& manifest = written.manifest;
  EXPECT_EQ(text_of(manifest, "name"), "free");
  EXPECT_EQ(kit::texts_of(manifest, "program"), (std::vector<std::string>{"python3", "/job/experiment.py"}));
  EXPECT_EQ(kit::texts_of(manifest, "files"), (std::vector<std::string>{"experiment.py", "pivots.py"}));
  EXPECT_EQ(kit::texts_of(manifest, "prepare_files"), (std::vector<std::string>{"prepare.py", "pivots.py"}));
  const auto& pivot = object_of(object_of(manifest, "factors"), "pivot");
  EXPECT_EQ(text_of(object_of(pivot, "labels"), "median_of_three"), "median of three");
  EXPECT_EQ(text_of(pivot, "role"), "model");
  ASSERT_EQ(kit::objects_of(manifest, "details").size(), 1u);
  EXPECT_FALSE(kit::objects_of(manifest, "details")[0]->contains("other"));
  EXPECT_FALSE(object_of(object_of(manifest, "factors"), "size").contains("role")) << "one factor a role";
  for (const char* holder : {"terms", "dataset", "limits"})
    for (const char* member : {"other", "path", "network"})
      EXPECT_FALSE(object_of(manifest, holder).contains(member)) << holder << "." << member;
}

TEST(WrittenTemplate, TheSchemaOfTemplatesTakesTheManifest) {
  const auto written = design::written_template(answer());
  const auto schema = json::parse(shipped::text("docs/schemas/template.schema.json"));
  const Status status = check_schema(written.manifest, schema, "the manifest");
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST(WrittenTemplate, PlansAreAssembledFromIt) {
  const auto written = design::written_template(answer());
  const auto plan = design::assembled_plan({{"metric", "comparisons"},
                                            {"factor", "pivot"},
                                            {"treatment", "median_of_three"},
                                            {"baseline", "random"},
                                            {"context", json::object{{"size", 0.5}}},
                                            {"expected", json::object{{"direction", "lower"}}}},
                                           written.manifest, {}, 5);
  EXPECT_EQ(kit::number_of(object_of(plan, "contrast"), "predicted_sign"), -1);
  EXPECT_EQ(text_of(plan, "population"), "arrays of distinct numbers");
}

TEST(WrittenTemplate, EverythingWrongIsSaidAtOnce) {
  const auto found = problems([](json::object& manifest, json::object& code) {
    manifest["title"] = "400 numbers";
    manifest["population"] = "{{arm:x}}";
    manifest["metric"] = "speed";
    manifest["factors"].as_object()["pivot"].as_object()["default"] = "first";
    code.erase("prepare.py");
    code["../escape.py"] = "x";
    code["aisci_experiment.py"] = "x";
  });
  EXPECT_EQ(found.size(), 7u) << kit::listed(found, "\n");
  const std::string all = kit::listed(found, "\n");
  for (const char* part :
       {"template.title has a digit", "template.population has braces", "`metric` is \"speed\"",
        "factors.pivot: its `default`", "`code` has no prepare.py", "code.../escape.py", "code.aisci_experiment.py"})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
}

TEST(WrittenTemplate, LevelsAndMetricsAreHeldToWhatRunsNeed) {
  EXPECT_EQ(
      problems([](json::object& manifest, json::object&) {
        manifest["factors"].as_object()["size"].as_object()["levels"] = json::array{100, 0.5, "0_5"};
      }),
      Problems{"factors.size: the level \"0_5\" makes no name of its own: at most 40 letters, digits, '_' or '-'"});
  EXPECT_EQ(
      problems([](json::object& manifest, json::object&) {
        manifest["metrics"].as_object()["share"].as_object()["scoring"] = "beauty";
      }),
      Problems{"metrics.share is scored_by the host, and `scoring` is none of accuracy, error, r2, rmse, mae, log_loss "
               "or perplexity"});
  EXPECT_EQ(problems([](json::object& manifest, json::object&) {
              manifest["limits"].as_object()["wall_seconds_per_trial"] = 1e9;
            }),
            Problems{"limits.wall_seconds_per_trial is more than an hour"});
  EXPECT_EQ(problems([](json::object&, json::object& code) { code["experiment.py"] = "print(1)"; }),
            Problems{"experiment.py does not import aisci_experiment, which tells it what to run"});
}

TEST(WrittenTemplate, DetailsAreHeldToWhatAPaperPrints) {
  const auto with = [](const json::object& detail) {
    return problems([&](json::object& manifest, json::object&) { manifest["details"] = json::array{detail}; });
  };
  EXPECT_EQ(with({{"text", "There are 3 pivots."}}),
            Problems{"details[0] has a digit; refer to a fact, or write numbers as words: \"There are 3 pivots.\""});
  EXPECT_EQ(with({{"text", "A {{template.speed}}."}}),
            Problems{"details[0]: {{template.speed}} is none of {{template.FACT}}, {{text:template.FACT}}, "
                     "{{level:FACTOR.LEVEL}} and {{label:FACTOR.LEVEL}} that there are"});
  EXPECT_EQ(with({{"text", "A."}, {"applies_to", json::object{{"factor", "size"}, {"levels", json::array{7}}}}}),
            Problems{"details[0].applies_to names \"7\", which is no level of size"});
  EXPECT_EQ(with({{"text", std::string(400, 'a')}}), Problems{"details[0] is longer than 300 characters"});
}

TEST(WrittenTemplate, TheSchemaOfTheTaskTakesTheAnswer) {
  EXPECT_TRUE(shipped::fits(answer(), "design", "design.write").ok())
      << shipped::fits(answer(), "design", "design.write").message();
  json::object wrong = answer();
  wrong["template"].as_object().erase("metrics");
  EXPECT_FALSE(shipped::fits(wrong, "design", "design.write").ok());
}

}  // namespace
}  // namespace aisci
