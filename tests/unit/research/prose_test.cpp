#include "research/prose.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "research/paper.hpp"

namespace aisci {
namespace {

Referents some_referents() {
  Referents referents;
  referents.arms = {{"n1.gelu", "GELU"}, {"n1.relu", "ReLU"}};
  referents.labels = {{"activation.gelu", "GELU"}};
  referents.verdicts = {{"c1", "refuted"}};
  referents.citations = {"a2016"};
  referents.figures = {{"f1", 1}};
  referents.facts["n1.gelu.mean"] = make_fact(0.913, FactKind::kFraction, {"n1.gelu"});
  referents.facts["n1.relu.mean"] = make_fact(0.9, FactKind::kFraction, {"n1.relu"});
  referents.facts["n1.contrast.mean"] = make_fact(-0.0131, FactKind::kPoints, {"n1.gelu", "n1.relu"});
  return referents;
}

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> problems;
  resolve(text, some_referents(), "here", problems);
  return problems;
}

std::string printed(std::string_view text) {
  std::vector<std::string> problems;
  const std::string out = plain(resolve(text, some_referents(), "here", problems));
  EXPECT_TRUE(problems.empty()) << problems.front();
  return out;
}

// The forger's move: the names of two arms change places.
std::string replace_arms(std::string text) {
  text = replace_all(std::move(text), "{{arm:n1.gelu}}", "{{arm:?}}");
  text = replace_all(std::move(text), "{{arm:n1.relu}}", "{{arm:n1.gelu}}");
  return replace_all(std::move(text), "{{arm:?}}", "{{arm:n1.relu}}");
}

TEST(Prose, ReferencesArePrintedFromFacts) {
  EXPECT_EQ(printed("{{arm:n1.gelu}} reached {{n1.gelu.mean}} {{cite:a2016}}, see {{figure:f1}}: {{verdict:c1}}."),
            "GELU reached 91.3% [a2016], see Figure 1: refuted.");
  EXPECT_EQ(printed("{{label:activation.gelu}}: {{value:n1.contrast.mean|abs}} or {{value:n1.contrast.mean|short}}"),
            "GELU: 1.3 percentage points or -1.3");
}

TEST(Prose, ACitationMayBePartOfTheSentence) {
  std::vector<std::string> problems;
  const Pieces pieces =
      resolve("{{cite:a2016|text}} report; others agree {{cite:a2016}}", some_referents(), "here", problems);
  EXPECT_TRUE(problems.empty());
  const json::array written = to_json(pieces);
  EXPECT_EQ(json::serialize(written.at(0)), R"({"cite":["a2016"],"form":"text"})");
  EXPECT_EQ(json::serialize(written.at(2)), R"({"cite":["a2016"]})");
  EXPECT_EQ(problems_of("{{cite:a2016|loud}}").size(), 1u);
}

TEST(Prose, ANumberThatIsZeroInPrintHasTwoDigits) {
  EXPECT_EQ(make_fact(0.0, FactKind::kNumber).text, "0.00");
  EXPECT_EQ(make_fact(2e-17, FactKind::kNumber).text, "0.00");
  EXPECT_EQ(make_fact(0.0042, FactKind::kNumber).text, "0.0042");
  EXPECT_EQ(make_probability(0.0042).text, "0.0042");
  EXPECT_EQ(make_probability(2e-17).text, "<0.0001") << "no posterior is zero";
}

TEST(Prose, AFormulaIsAPieceOfItsOwnWithoutNumbers) {
  std::vector<std::string> problems;
  const Pieces pieces = resolve("the limit {{math:Delta | d}} holds", some_referents(), "here", problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(json::serialize(to_json(pieces).at(1)), R"({"math":"Delta | d"})");
  EXPECT_EQ(plain(pieces), "the limit Delta | d holds");
  ASSERT_EQ(problems_of("{{math:x = 91.3}}").size(), 1u);
  EXPECT_NE(problems_of("{{math:x = 91.3}}")[0].find("by hand"), std::string::npos);
}

TEST(Paper, AnEquationIsATextOfFactsAndSymbols) {
  const auto with_weight = [] {
    Referents referents = some_referents();
    referents.facts["study.weight.novelty"] = make_fact(0.38, FactKind::kNumber);
    return referents;
  };
  const auto resolved = [&](const std::string& formula) {
    return resolve_paper(
        json::object{{"title", "T"},
                     {"abstract", "A"},
                     {"sections", json::array{json::object{
                                      {"id", "m"},
                                      {"title", "M"},
                                      {"blocks", json::array{json::object{{"type", "equation"}, {"text", formula}}}}}}},
                     {"citations", json::array{}}},
        PaperContext{with_weight(), {}, {}, {}, {}, {}});
  };
  const ResolvedPaper paper = resolved("v = {{study.weight.novelty}} N");
  EXPECT_TRUE(paper.problems.empty()) << ::testing::PrintToString(paper.problems);
  EXPECT_EQ(plain_text(paper.document), "T\nA\nM\nv = 0.38 N\n");
  for (const char* formula : {"v = 0.5 N", "v = {{n1.contrast.mean}}", "v = {{arm:n1.gelu}}", "v {{cite:a2016}}",
                              "{{math:v}} = N", "v = {{direction:n1.contrast.mean|up|down}}"})
    EXPECT_FALSE(resolved(formula).problems.empty()) << formula;
}

TEST(Prose, DirectionWordsAreChosenByTheValue) {
  EXPECT_EQ(printed("accuracy is {{direction:n1.contrast.mean|higher|lower}}"), "accuracy is lower");
}

TEST(Prose, NumberWrittenByHandIsRefusedButNamesAreNot) {
  ASSERT_EQ(problems_of("it reached 91.3 percent").size(), 1u);
  EXPECT_NE(problems_of("it reached 91.3 percent")[0].find("by hand"), std::string::npos);
  EXPECT_TRUE(problems_of("trained on CIFAR-10 with an F1 score").empty());
  EXPECT_TRUE(problems_of("trained on CIFAR-100, a file with a SHA-256 hash").empty());
}

TEST(Prose, ReferenceToNothingIsRefused) {
  for (const char* text : {"{{n9.gelu.mean}}", "{{cite:b2017}}", "{{figure:f9}}", "{{arm:n1.tanh}}", "{{label:x.y}}",
                           "{{unknown:x}}", "{{open"})
    EXPECT_EQ(problems_of(text).size(), 1u) << text;
}

TEST(Prose, ValueOfAnArmMustFollowThatArmInItsSentence) {
  EXPECT_EQ(problems_of("{{arm:n1.relu}} reached {{n1.gelu.mean}}").size(), 1u);
  EXPECT_EQ(problems_of("{{arm:n1.gelu}} was good. It reached {{n1.gelu.mean}}").size(), 1u);
  EXPECT_TRUE(problems_of("{{arm:n1.gelu}} {{n1.gelu.mean}} and {{arm:n1.relu}} {{n1.relu.mean}}").empty());
}

TEST(Prose, ContrastNamesTheTreatmentFirst) {
  EXPECT_TRUE(problems_of("{{arm:n1.gelu}} against {{arm:n1.relu}}: {{n1.contrast.mean}}").empty());
  EXPECT_EQ(problems_of("{{arm:n1.relu}} against {{arm:n1.gelu}}: {{n1.contrast.mean}}").size(), 1u);
}

TEST(Paper, RowOfATableIsOneSentence) {
  PaperContext context;
  context.referents = some_referents();
  const auto model =
      parse_json_object(R"({"title": "T", "abstract": "A", "sections": [{"id": "r", "title": "R", "blocks": [
    {"type": "table", "id": "t1", "caption": "C", "columns": ["Arm", "Mean"], "rows": [["{{arm:n1.gelu}}", "{{n1.gelu.mean}}"], ["{{arm:n1.relu}}", "{{n1.relu.mean}}"]]}]}]})",
                        "model")
          .value();
  const auto good = resolve_paper(model, context);
  EXPECT_TRUE(good.problems.empty());
  auto swapped = parse_json_object(replace_arms(json::serialize(model)), "model").value();
  EXPECT_EQ(resolve_paper(swapped, context).problems.size(), 2u);
}

TEST(Paper, CitationNeedsAStatementOfItsRecord) {
  PaperContext context;
  context.records = {parse_json_object(R"({"key": "a2016", "statements": ["It is so."]})", "record").value()};
  const auto model = [](const char* support) {
    return parse_json_object(
               std::string{
                   R"({"title": "T {{cite:a2016}}", "abstract": "A", "sections": [], "citations": [{"key": "a2016", "support": ")"} +
                   support + "\"}]}",
               "model")
        .value();
  };
  EXPECT_TRUE(resolve_paper(model("It is so."), context).problems.empty());
  EXPECT_EQ(resolve_paper(model("It is not so."), context).problems.size(), 1u);
}

TEST(Prose, PrintsAGivenTextWithItsDigitsAndNothingElseThatWay) {
  Referents referents;
  referents.facts["study.question"] = make_fact("Is 7 enough? 是吗");
  referents.facts["study.claims"] = make_fact(3, FactKind::kCount);
  std::vector<std::string> problems;
  EXPECT_EQ(plain(resolve("It asks {{text:study.question}}", referents, "abstract", problems)),
            "It asks Is 7 enough? 是吗");
  EXPECT_TRUE(problems.empty());
  resolve("{{text:study.claims}}", referents, "abstract", problems);
  EXPECT_EQ(problems.size(), 1u) << "a number keeps its own form";
}

}  // namespace
}  // namespace aisci
