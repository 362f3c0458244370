#include "agents/analysis/figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "llm/offline/analysis_study.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using kit::array_of;
using kit::number_of;
using kit::object_of;
using kit::objects_of;
using kit::text_of;
using Strings = std::vector<std::string>;

class Analysis : public ::testing::TestWithParam<const char*> {
 protected:
  const json::object study = fixture::study(GetParam());
  const json::object findings = offline::analysis_findings(study);
  const json::object figures = analysis::choose_figures(study);
};

TEST_P(Analysis, FindingsFitTheirSchemaAndMayBePrinted) {
  const Status fits = check_schema(
      findings, json::parse(shipped::text("plugins/agents/analysis/data/tasks/analysis.findings.schema.json")),
      "findings");
  EXPECT_TRUE(fits.ok()) << fits.message();
  for (const auto* finding : objects_of(findings, "findings"))
    EXPECT_EQ(writing::text_problems({"finding", text_of(*finding, "text")}, {}, study), Strings{});
  for (const auto& step : kit::texts_of(findings, "next")) {
    EXPECT_FALSE(kit::has_digit(step)) << step;
    EXPECT_EQ(step.find("{{"), std::string::npos) << step;
  }
}

TEST_P(Analysis, RanksByWeightAndHasAFindingForEachClaim) {
  double last = 1;
  std::set<std::string> subjects;
  for (const auto* finding : objects_of(findings, "findings")) {
    EXPECT_LE(number_of(*finding, "weight"), last);
    last = number_of(*finding, "weight");
    if (text_of(*finding, "kind") == "claim") subjects.insert(text_of(*finding, "subject"));
  }
  EXPECT_EQ(subjects.size(), objects_of(study, "claims").size());
}

TEST_P(Analysis, StorylineLeadsFromTheRootToANodeWithAClaim) {
  const auto path = kit::texts_of(findings, "storyline");
  ASSERT_FALSE(path.empty());
  std::string parent;
  for (const auto& id : path)
    for (const auto* node : objects_of(study, "nodes"))
      if (text_of(*node, "id") == id) {
        EXPECT_EQ(text_of(*node, "parent"), parent);
        parent = id;
      }
  bool claimed = false;
  for (const auto* claim : objects_of(study, "claims")) claimed |= text_of(*claim, "node") == path.back();
  EXPECT_TRUE(claimed);
}

TEST_P(Analysis, ChoosesAtMostSixFiguresAndNoTwoAlike) {
  const auto list = objects_of(figures, "figures");
  EXPECT_GE(list.size(), 4u);
  EXPECT_LE(list.size(), 6u);
  std::set<std::string> shown;
  for (const auto* figure : list) {
    EXPECT_TRUE(shown.insert(text_of(*figure, "kind") + "/" + text_of(*figure, "subject")).second);
    EXPECT_FALSE(text_of(*figure, "title").empty());
  }
}

TEST_P(Analysis, CaptionsCarryBlocksAndIntervalAndMayBePrinted) {
  for (const auto* figure : objects_of(figures, "figures")) {
    const std::string caption = text_of(*figure, "caption"), kind = text_of(*figure, "kind");
    EXPECT_EQ(writing::text_problems({"caption", caption}, {}, study), Strings{});
    if (kind == "tree") continue;
    EXPECT_NE(caption.find("interval"), std::string::npos) << kind;
    EXPECT_TRUE(caption.find(".n}}") != std::string::npos || caption.find("blocks") != std::string::npos) << kind;
    EXPECT_TRUE(kind == "curves" || caption.find("test") != std::string::npos) << kind;
  }
}

TEST_P(Analysis, FiguresHoldTheNumbersOfTheStudy) {
  for (const auto* figure : objects_of(figures, "figures")) {
    const auto& data = object_of(*figure, "data");
    if (text_of(*figure, "kind") == "forest") {
      for (const auto* row : objects_of(data, "rows"))
        for (const char* list : {"claims", "nodes"})
          for (const auto* entry : objects_of(study, list))
            if (text_of(*entry, "id") == text_of(*row, "id")) {
              EXPECT_EQ(number_of(*row, "mean"), number_of(kit::object_at(*entry, "evidence.contrast"), "mean"));
              EXPECT_EQ(number_of(*row, "n"), array_of(kit::object_at(*entry, "evidence.contrast"), "values").size());
            }
    }
    if (text_of(*figure, "kind") == "paired") {
      const auto &before = array_of(object_of(data, "baseline"), "values"),
                 &after = array_of(object_of(data, "treatment"), "values"),
                 &each = array_of(object_of(data, "difference"), "values");
      ASSERT_EQ(before.size(), after.size());
      ASSERT_EQ(before.size(), each.size());
      for (std::size_t i = 0; i < each.size(); ++i)
        EXPECT_NEAR(kit::as_number(after[i]) - kit::as_number(before[i]), kit::as_number(each[i]), 1e-12)
            << "treatment minus baseline";
    }
    if (text_of(*figure, "kind") == "tree") {
      EXPECT_EQ(objects_of(data, "nodes").size(), objects_of(study, "nodes").size());
    }
  }
}

// An arm keeps its look from figure to figure; baseline and treatment of what the paper is about have the first two.
TEST_P(Analysis, ArmsLookAlikeInEveryFigure) {
  std::map<std::string, std::int64_t> looks;
  std::set<std::string> kinds;
  const auto met = [&](const json::object& arm, const std::string& kind) {
    const std::string id = text_of(arm, "id");
    std::string side = id.substr(0, id.find('-'));     // "gelu-100": gelu at 100
    std::replace(side.begin(), side.end(), '_', '.');  // "0_2", as plans write the level 0.2
    ASSERT_TRUE(arm.contains("look")) << kind;
    const auto look = arm.at("look").as_int64();
    EXPECT_EQ(looks.emplace(side, look).first->second, look) << kind << " " << id;
    kinds.insert(kind);
  };
  for (const auto* figure : objects_of(figures, "figures")) {
    const auto& data = object_of(*figure, "data");
    for (const auto* arm : objects_of(data, "arms")) met(*arm, text_of(*figure, "kind"));
    for (const char* side : {"baseline", "treatment"})
      if (data.contains(side)) met(object_of(data, side), side);
  }
  EXPECT_GE(kinds.size(), 3u);
  std::set<std::int64_t> apart;
  for (const auto& [side, look] : looks) apart.insert(look);
  EXPECT_EQ(apart.size(), looks.size()) << "two arms look alike ";
  EXPECT_TRUE(apart.count(0) && apart.count(1));
}

INSTANTIATE_TEST_SUITE_P(Studies, Analysis, ::testing::Values("supported", "refuted", "inconclusive"));

TEST(AnalysisOfTraining, TellsThePairedDifferenceOfTheLastLossWithItsInterval) {
  json::object study = fixture::study("supported");
  const auto training = [&]() -> std::string {
    const json::object findings = offline::analysis_findings(study);
    for (const auto* finding : objects_of(findings, "findings"))
      if (text_of(*finding, "kind") == "training") return text_of(*finding, "text");
    return {};
  };
  EXPECT_EQ(training(), "") << "no trial recorded a loss";
  const auto set = [&](double lower, double upper) {
    auto& facts = study["facts"].as_object();
    for (const auto& [name, value] : {std::pair{"lower", lower}, {"mean", (lower + upper) / 2}, {"upper", upper}})
      facts["c3.training." + std::string{name}] = json::object{
          {"kind", "change"}, {"value", value}, {"text", "0.5 nats"}, {"arms", json::array{"c3.gelu", "c3.relu"}}};
    for (const auto& [name, arm] : {std::pair{"treatment", "c3.gelu"}, {"baseline", "c3.relu"}})
      facts["c3.training." + std::string{name}] =
          json::object{{"kind", "amount"}, {"value", 0.3}, {"text", "0.3 nats"}, {"arms", json::array{arm}}};
  };
  const auto alike = [&](double value) {
    study["facts"].as_object()["template.alike_training_losses"] =
        json::object{{"kind", "change"}, {"value", value}, {"text", "0.05 nats"}, {"arms", json::array{}}};
  };
  alike(0.005);
  set(-0.008, -0.001);
  EXPECT_NE(training().find("{{arm:c3.gelu}} minus {{arm:c3.relu}} in training loss"), std::string::npos);
  EXPECT_NE(training().find("t interval with zero outside."), std::string::npos) << training();
  EXPECT_NE(fixture::paper_of(fixture::analysed(study)).find("in training loss, at the last point of its curve"),
            std::string::npos);
  alike(0.05);
  EXPECT_NE(training().find(" The interval lies within {{template.alike_training_losses}}, the template's limit for "
                            "training losses to count as alike."),
            std::string::npos)
      << training();
  for (const char* arm : {"treatment", "baseline"})
    study["facts"].as_object()["c3.training." + std::string{arm}].as_object()["value"] = 0.03;
  EXPECT_NE(training().find("so by that no two of them could differ."), std::string::npos) << training();
  study["facts"].as_object().erase("template.alike_training_losses");  // then nothing is known to be alike
  EXPECT_EQ(training().find("alike"), std::string::npos) << training();
  set(-0.008, 0.001);
  EXPECT_NE(training().find("t interval with zero inside."), std::string::npos) << training();
  EXPECT_EQ(training().find("The same is"), std::string::npos);
  for (const char* name : {"lower", "mean", "upper"}) {
    const json::value fact = study["facts"].as_object().at("c3.training." + std::string{name});  // a copy
    auto& other = study["facts"].as_object()["c1.training." + std::string{name}];
    other = fact;
    other.as_object()["arms"] = json::array{"c1.gelu", "c1.relu"};
  }
  for (const auto& [name, arm] : {std::pair{"treatment", "c1.gelu"}, {"baseline", "c1.relu"}}) {
    json::object fact = study["facts"].as_object().at("c3.training." + std::string{name}).as_object();
    fact["arms"] = json::array{arm}, fact["text"] = "0.4 nats";
    study["facts"].as_object()["c1.training." + std::string{name}] = fact;
  }
  EXPECT_NE(training().find(
                "By the same measure, {{arm:c1.gelu}} minus {{arm:c1.relu}} in {{c1.name}} gave {{c1.training.mean}}"),
            std::string::npos)
      << training();
  EXPECT_NE(fixture::paper_of(fixture::analysed(study)).find("By the same measure, GELU minus ReLU in c1 gave "),
            std::string::npos);
  fixture::metric(study)["measured_on"] = "training";
  EXPECT_EQ(training(), "") << "the claim itself is on training loss";
}

TEST(AnalysisOfTraining, GivesTheModelTheEndsOfTheCurvesAlone) {
  const json::object study = fixture::study("supported");
  const json::object ends = analysis::curve_ends(object_of(study, "curves"));
  const auto& whole = array_of(kit::object_at(study, "curves.c1.gelu"), "train_loss");
  const auto& kept = array_of(kit::object_at(ends, "c1.gelu"), "train_loss");
  ASSERT_GT(whole.size(), 2u);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0], whole.front());
  EXPECT_EQ(kept[1], whole.back());
}

std::string caption_of(const json::object& study, const std::string& kind) {
  const json::object chosen = analysis::choose_figures(study);
  for (const auto* figure : objects_of(chosen, "figures"))
    if (text_of(*figure, "kind") == kind) return text_of(*figure, "caption");
  return {};
}

// The first figure of a claim is of the one that the text is about: a difference that is neither usual nor the
// question's own is still nearer to a question about one factor than an interaction that is both.
TEST(Figures, BeginWithTheClaimThatTheTextIsAbout) {
  json::object study = fixture::study("inconclusive");
  for (std::size_t index : {0, 1, 2}) {
    auto& hypothesis = fixture::claim(study, index)["hypothesis"].as_object();
    hypothesis["relation"] = index == 1 ? "initial" : "rival";
    if (index != 1) hypothesis["context"].as_object()["learning_rate"] = 0.005;
  }
  const json::object chosen = analysis::choose_figures(study);
  std::string first;
  for (const auto* figure : objects_of(chosen, "figures"))
    if (first.empty() && !text_of(*figure, "subject").empty()) first = text_of(*figure, "subject");
  EXPECT_EQ(first, "c3");  // the earlier node of the two
}

TEST(Captions, SayTheBlocksOfWhatIsDrawnAndNotOfTheStudy) {
  json::object study = fixture::study("supported");
  for (const char* kind : {"tree", "sizes"}) {
    ASSERT_NE(caption_of(study, kind), "") << kind;
    EXPECT_EQ(caption_of(study, kind).find("study.blocks"), std::string::npos) << kind;
    EXPECT_EQ(caption_of(study, kind).find(".n}} to {{"), std::string::npos) << kind << ": all have five";
  }
  // A replicated node counts where it is drawn, and nowhere else.
  const std::string sizes = caption_of(study, "sizes");
  std::set<std::string> drawn;
  for (auto& value : study["nodes"].as_array()) {
    auto& node = value.as_object();
    const std::string id = text_of(node, "id");
    if (sizes.find("{{" + id + ".n") != std::string::npos || !node.contains("evidence")) continue;
    auto& values = node["evidence"].as_object()["contrast"].as_object()["values"].as_array();
    const json::array once = values;
    values.insert(values.end(), once.begin(), once.end());
    drawn.insert(id);
    break;
  }
  ASSERT_EQ(drawn.size(), 1u);
  const std::string tree = caption_of(study, "tree");
  EXPECT_NE(tree.find(".n}} or {{" + *drawn.begin() + ".n}}"), std::string::npos) << tree << ": nothing lies between";
  EXPECT_EQ(caption_of(study, "sizes"), sizes);
}

// The study with other printed values of a claim.
std::string paired_caption(const char* p, const char* corrected) {
  json::object study = fixture::study("supported");
  for (auto& fact : study["facts"].as_object()) {
    const std::string_view name{fact.key()};
    if (name == "c1.contrast.p") fact.value().as_object()["text"] = p;
    if (name == "c1.holm_p") fact.value().as_object()["text"] = corrected;
  }
  const json::object chosen = analysis::choose_figures(study);
  for (const auto* figure : objects_of(chosen, "figures"))
    if (text_of(*figure, "kind") == "paired" && text_of(*figure, "subject") == "c1") return text_of(*figure, "caption");
  return {};
}

TEST(Captions, GiveAPValueOnceWhereBothPrintTheSame) {
  const auto has = [](const std::string& caption, const char* words) {
    return caption.find(words) != std::string::npos;
  };
  const std::string same = paired_caption("0.513", "0.513"), small = paired_caption("<0.001", "<0.001"),
                    apart = paired_caption("0.013", "0.026"), mixed = paired_caption("<0.001", "0.002");
  EXPECT_TRUE(has(same, "; p\u00a0=\u00a0{{c1.contrast.p}} with and without Holm's correction)")) << same;
  EXPECT_TRUE(has(small, "; p\u00a0{{c1.contrast.p}} with and without Holm's correction)")) << small;
  EXPECT_TRUE(has(apart, "; p\u00a0=\u00a0{{c1.contrast.p}}, or p\u00a0=\u00a0{{c1.holm_p}} after Holm's correction)"))
      << apart;
  EXPECT_TRUE(has(mixed, "; p\u00a0{{c1.contrast.p}}, or p\u00a0=\u00a0{{c1.holm_p}} after Holm's correction)"))
      << mixed;
}

TEST(Captions, NameTheArmsAsTheyAreDrawn) {
  const json::object chosen = analysis::choose_figures(fixture::study("supported"));
  std::size_t met = 0;
  for (const auto* figure : objects_of(chosen, "figures")) {
    if (text_of(*figure, "kind") != "paired") continue;
    const std::string caption = text_of(*figure, "caption"), left = caption.substr(caption.find("Left:")),
                      claim = "{{arm:" + text_of(*figure, "subject") + ".";
    const auto place = [&](const char* side) {
      return left.find(claim + text_of(kit::object_at(*figure, std::string{"data."} + side), "id") + "}}");
    };
    ASSERT_NE(place("treatment"), std::string::npos) << caption;
    EXPECT_LT(place("baseline"), place("treatment")) << caption;
    ++met;
  }
  EXPECT_GE(met, 1u);
}

// Whatever the order in which claims were confirmed, the one that the paper is about is drawn first.
TEST(Choice, DrawsTheMainComparisonFirst) {
  for (const char* name : {"supported", "refuted", "inconclusive"}) {
    json::object study = fixture::study(name);
    auto& claims = study["claims"].as_array();
    std::set<std::string> mains;
    for (std::size_t turn = 0; turn < claims.size(); ++turn) {
      std::rotate(claims.begin(), claims.begin() + 1, claims.end());
      const std::string main = offline::Study{study}.main_claim()->id;
      const json::object chosen = analysis::choose_figures(study);
      std::string first;
      for (const auto* figure : objects_of(chosen, "figures"))
        if (const std::string kind = text_of(*figure, "kind"); first.empty() && (kind == "paired" || kind == "arms"))
          first = text_of(*figure, "subject");
      EXPECT_EQ(first, main) << name << ", turned " << turn;
      mains.insert(main);
    }
    EXPECT_EQ(mains.size(), 1u) << name;
    EXPECT_GE(claims.size(), 2u) << name;
  }
}

TEST(Captions, GiveAFactorItsArticle) {
  const auto renamed = [](const char* title) {
    json::object study = fixture::study("refuted");
    study["template"].as_object()["factors"].as_object()["dropout"].as_object()["title"] = title;
    return caption_of(study, "dose") + caption_of(study, "heat");
  };
  const std::string counted = renamed("number of warm-up steps"), mass = renamed("weight decay");
  EXPECT_NE(counted.find("each level of the number of warm-up steps"), std::string::npos) << counted;
  EXPECT_NE(counted.find("two levels of the number of warm-up steps"), std::string::npos) << counted;
  EXPECT_NE(mass.find("each level of weight decay"), std::string::npos) << mass;
}

TEST(Captions, NameTheInteractionsAmongTheDifferences) {
  json::object study = fixture::study("supported");
  EXPECT_EQ(caption_of(study, "forest").find(" and interactions of the study"), std::string::npos);
  for (const char* list : {"nodes", "claims"})
    for (auto& value : study[list].as_array())
      if (auto& entry = value.as_object(); entry.contains("evidence"))
        entry["evidence"].as_object()["contrast"].as_object()["scale"] = "linear";
  EXPECT_NE(caption_of(study, "forest").find(" and interactions of the study"), std::string::npos)
      << caption_of(study, "forest");
}

TEST(AnalysisOfLittle, HasNoFigureWithoutEvidenceAndStillANextStep) {
  json::object study = fixture::study("inconclusive");
  for (auto& node : study["nodes"].as_array()) node.as_object().erase("evidence");
  study["claims"] = json::array{};
  study["nodes"].as_array().resize(2);
  EXPECT_TRUE(objects_of(analysis::choose_figures(study), "figures").empty());
  EXPECT_FALSE(kit::texts_of(offline::analysis_findings(study), "next").empty());
}

bool suggests(const json::object& study, std::string_view part) {
  const auto steps = kit::texts_of(offline::analysis_findings(study), "next");
  return std::any_of(steps.begin(), steps.end(),
                     [&](const std::string& step) { return step.find(part) != std::string::npos; });
}

TEST(NextSteps, NameLevelsThatNoClaimCompares) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(suggests(study, "which no claim compares"));
  study["claims"].as_array()[2].as_object()["verdict"] = "equivalent";
  EXPECT_TRUE(suggests(study, "further levels of the activation function to confirmation, such as SiLU, tanh"));
  study = fixture::study("refuted");  // its levels are numbers, which a step may not print
  study["claims"].as_array()[1].as_object()["verdict"] = "equivalent";
  EXPECT_TRUE(suggests(study, "Compare pairs of levels of the dropout rate that no claim has compared"));
}

TEST(NextSteps, NameTheArmsOfAnInteractionThatStoodOut) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(suggests(study, "exploratory interaction"));
  study["nodes"].as_array()[2].as_object()["evidence"].as_object()["probability_above"] = 0.9;
  EXPECT_TRUE(suggests(study, "the activation function (GELU against ReLU) with the number of training images"));
}

}  // namespace
}  // namespace aisci
