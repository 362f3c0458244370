#include "agents/writing/paper_check.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "agents/writing/reference.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using kit::text_of;
using writing::text_problems;
using Strings = std::vector<std::string>;

class Check : public ::testing::Test {
 protected:
  Strings problems(const std::string& text) const { return text_problems({"here", text}, paper, study); }
  std::string printed(const std::string& text) const { return writing::printed(text, paper, study); }

  const json::object study = fixture::analysed(fixture::study("supported"));
  const json::object paper = offline::writing_paper(study);
};

TEST_F(Check, LetsTrueTextPass) {
  for (const char* text :
       {"{{arm:n1.gelu}} reached {{n1.gelu.mean}} and {{arm:n1.relu}} {{n1.relu.mean}}.",
        "{{arm:c1.gelu}} came out {{direction:c1.contrast.mean|above|below}} {{arm:c1.relu}} by "
        "{{value:c1.contrast.mean|abs}} ({{value:c1.contrast.lower|short}}).",
        "The margin of {{label:activation.gelu}} over {{label:activation.relu}} changed by {{n3.contrast.mean}}.",
        "{{study.claims}} claims, {{verdict:c1}}, see {{table:claims}} and {{figure:f1}} "
        "{{cite:hendrycks2016gelu,holm1979}}.",
        "The mean {{math:delta}} given {{math:d}}, and {{math:p_+ = Pr(delta > Delta | d)}}.",
        "An F1 score on CIFAR-10 with ResNet-18.", "{{level:train_size.100}} images of {{c1.name}}"})
    EXPECT_EQ(problems(text), Strings{}) << text;
}

TEST_F(Check, FindsWhatMayNotBePrinted) {
  struct Case {
    const char* text;
    const char* problem;
  };
  const Case kCases[] = {
      {"It reached 91 percent.", "a number written by hand"},
      {"{{n1.gelu.mean}} was reached by {{arm:n1.gelu}}.", "must follow {{arm:n1.gelu}}"},
      {"{{arm:n1.relu}} reached {{n1.gelu.mean}}.", "must follow {{arm:n1.gelu}}"},
      {"{{arm:n1.gelu}} is an arm. It reached {{n1.gelu.mean}}.", "must follow {{arm:n1.gelu}}"},
      {"{{arm:n2.relu}} reached {{n1.relu.mean}}.", "must follow {{arm:n1.relu}}"},
      {"{{arm:c1.relu}} and {{arm:c1.gelu}} differ by {{c1.contrast.mean}}.", "{{arm:c1.gelu}} before {{arm:c1.relu}}"},
      {"They differ by {{c1.contrast.mean}}.", "{{arm:c1.gelu}} before {{arm:c1.relu}}"},
      {"The margin of {{label:activation.relu}} over {{label:activation.gelu}} is {{n3.contrast.mean}}.",
       "must follow the names of its arms"},
      {"{{label:activation.gelu}} and {{label:activation.relu}} differ by {{c1.contrast.mean}}.",
       "must follow the names of its arms"},
      {"{{n99.gelu.mean}}", "refers to no fact"},
      {"{{math:x = 3}}", "a number written by hand"},
      {"{{math:\\input x}}", "cannot be read: it cannot hold"},
      {"{{arm:n1.mish}}", "names no arm"},
      {"{{label:activation.mish}}", "is no label"},
      {"{{level:train_size.123}}", "refers to no fact"},
      {"{{cite:hendrycks2016gelu,nobody1999}}", "{{cite:nobody1999}} is no record"},
      {"{{figure:f9}}", "refers to nothing in the paper"},
      {"{{table:t9}}", "refers to nothing in the paper"},
      {"{{verdict:c9}}", "is no claim"},
      {"{{direction:c1.contrast.mean|above}}", "needs a word"},
      {"{{value:study.claims|roughly}}", "a form that there is not"},
      {"{{mood:c1}}", "unknown kind of reference"},
      {"{{study.claims", "a reference is not closed"},
  };
  for (const auto& one : kCases) {
    const Strings found = problems(one.text);
    ASSERT_EQ(found.size(), 1u) << one.text;
    EXPECT_NE(found[0].find(one.problem), std::string::npos) << found[0];
    EXPECT_EQ(found[0].rfind("here: ", 0), 0u) << "a problem says where it is";
  }
}

TEST_F(Check, ReadsTheFormulasOfAPaper) {
  const auto found = [&](const std::string& formula) {
    json::object changed = paper;
    changed["sections"].as_array()[0].as_object()["blocks"].as_array().push_back(
        json::object{{"type", "equation"}, {"text", formula}});
    std::string all;
    for (const auto& problem : writing::paper_problems(changed, study)) all += problem + "\n";
    return all;
  };
  EXPECT_EQ(found("v = {{study.seed}} N"), "");
  EXPECT_NE(found("v = foo").find("cannot be read: \"foo\" is no symbol"), std::string::npos) << found("v = foo");
  EXPECT_NE(found("v = {{arm:n1.gelu}}").find("a formula holds facts alone"), std::string::npos);
  EXPECT_NE(found("v = 3 N").find("a number written by hand"), std::string::npos);
  EXPECT_EQ(printed("{{math:p_+ = Pr(delta > Delta | d)}}"), "p_+ = Pr(delta > Delta | d)");
}

// An interaction whose sides have names of their own is bound to these, in their order and in one sentence.
TEST_F(Check, BindsAnInteractionToWhatItsSidesAreCalled) {
  json::object named = study;
  auto& hypothesis = named["nodes"].as_array()[2].as_object()["hypothesis"].as_object();
  ASSERT_EQ(text_of(hypothesis, "kind"), "interaction");
  hypothesis["called"] = json::array{"both together", "GELU alone"};
  const auto wrong = [&](const char* text) { return !text_problems({"here", text}, paper, named).empty(); };
  EXPECT_FALSE(wrong("What both together gained on GELU alone changed by {{n3.contrast.mean}}."));
  EXPECT_TRUE(wrong("What GELU alone gained on both together changed by {{n3.contrast.mean}}."));
  EXPECT_TRUE(wrong("Both differ: both together from GELU alone. That changed by {{n3.contrast.mean}}."));
  EXPECT_TRUE(wrong("Do both together gain? GELU alone did by {{n3.contrast.mean}}."));
  EXPECT_TRUE(wrong("So do both together!\nGELU alone did by {{n3.contrast.mean}}."));
  EXPECT_FALSE(wrong("Is it so? What both together gained on GELU alone changed by {{n3.contrast.mean}}."));
  EXPECT_TRUE(
      wrong("What {{label:activation.gelu}} gained on {{label:activation.relu}} changed by {{n3.contrast.mean}}."));
}

TEST_F(Check, PrintsWhatTheReaderSees) {
  EXPECT_EQ(printed("{{arm:n3.gelu-100}}; {{label:activation.gelu}}; {{level:train_size.100}}"),
            "GELU, 100 training images; GELU; 100");
  EXPECT_EQ(printed("{{cite:a,b}} {{table:search}} {{verdict:c1}} {{c1.name}}"), "[a, b] Table 2 supported c1");
  const std::string mean = text_of(kit::object_of(kit::object_of(study, "facts"), "c1.contrast.mean"), "text");
  EXPECT_EQ(printed("{{c1.contrast.mean}}"), mean);
  EXPECT_EQ(printed("{{value:c1.contrast.mean|abs}}"), mean.substr(1));
  EXPECT_EQ(printed("{{value:c1.contrast.mean|short}}"), mean.substr(0, mean.find(' ')));
  EXPECT_EQ(printed("{{direction:c1.contrast.mean|above|below}}"), "above");
}

// One change to a sound paper at a time.
TEST_F(Check, FindsEveryFaultOfAWholePaper) {
  const auto faults = [&](const std::function<void(json::object&)>& change) {
    json::object changed = paper;
    change(changed);
    return writing::paper_problems(changed, study);
  };
  const auto blocks = [](json::object& changed, std::size_t section) -> json::array& {
    return changed["sections"].as_array()[section].as_object()["blocks"].as_array();
  };
  EXPECT_EQ(faults([](json::object&) {}), Strings{});
  EXPECT_EQ(faults([](json::object& p) { p["abstract"] = "It improved by 12 points."; }).size(), 1u);
  EXPECT_EQ(faults([](json::object& p) { p["citations"].as_array()[0].as_object()["support"] = "It says so."; }).size(),
            1u);
  EXPECT_EQ(faults([](json::object& p) { p["citations"] = json::array{}; }).size(),
            kit::array_of(paper, "citations").size());
  EXPECT_EQ(faults([&](json::object& p) { blocks(p, 0).clear(); }).size(), 1u);
  EXPECT_EQ(faults([&](json::object& p) { blocks(p, 0).push_back(json::object{{"type", "poem"}}); }).size(), 1u);
  EXPECT_EQ(faults([&](json::object& p) {
              blocks(p, 0).push_back(json::object{{"type", "figure"}, {"id", "f1"}});
            }).size(),
            1u);
  EXPECT_EQ(faults([&](json::object& p) {
              blocks(p, 0).push_back(json::object{{"type", "figure"}, {"id", "f77"}});
            }).size(),
            1u);
  EXPECT_EQ(faults([&](json::object& p) {
              blocks(p, 0).push_back(json::object{{"type", "table"},
                                                  {"id", "t"},
                                                  {"caption", "c"},
                                                  {"columns", json::array{"a", "b"}},
                                                  {"rows", json::array{json::array{"x"}}}});
            }).size(),
            1u);
}

TEST_F(Check, FindsASwappedPairOfArmsInARow) {
  json::object changed = paper;
  std::string text = json::serialize(changed);
  const std::string pair = "{{arm:c1.gelu}} \u2212 {{arm:c1.relu}}", swapped = "{{arm:c1.relu}} \u2212 {{arm:c1.gelu}}";
  ASSERT_NE(text.find(pair), std::string::npos);
  changed = json::parse(kit::replaced(text, pair, swapped)).as_object();
  EXPECT_FALSE(writing::paper_problems(changed, study).empty());
}

TEST_F(Check, FindsAComparativeThatNothingBinds) {
  const auto found = [&](const std::string& abstract) {
    json::object changed{{"abstract", abstract}};
    return writing::unbound_comparatives(changed).size();
  };
  EXPECT_EQ(found("GELU is better. ReLU gave lower accuracy."), 2u);
  EXPECT_EQ(found("GELU outperformed ReLU."), 1u);
  EXPECT_EQ(found("{{arm:c1.gelu}} is {{direction:c1.contrast.mean|better|worse}} than {{arm:c1.relu}}."), 0u);
  EXPECT_EQ(found("It is better than ReLU {{cite:hendrycks2016gelu}}."), 0u);
  EXPECT_EQ(found("The question was \u201cIs GELU better?\u201d as asked."), 0u);
}

TEST_F(Check, FindsEightWordsThatStandTwice) {
  const auto found = [&](const std::string& abstract, const std::string& text, const char* type = "paragraph") {
    json::object changed{{"abstract", abstract}};
    changed["sections"] = json::array{json::object{
        {"id", "results"},
        {"blocks", json::array{json::object{{"type", type}, {"text", text}, {"caption", text}, {"id", "t"}}}}}};
    return writing::repeated_phrases(changed, study);
  };
  const std::string seven = "one two three four five six seven";
  EXPECT_EQ(found(seven + " eight.", "Then " + seven + " nine."), Strings{});
  EXPECT_EQ(found(seven + " eight.", "Then One, two three four five six seven eight!"),
            Strings{"results[0]: \"one two three four five six seven eight\" stands in abstract too"});
  EXPECT_EQ(found(seven + " eight.", "Asked was \u201c" + seven + " eight\u201d"), Strings{});
  EXPECT_EQ(found(seven + " eight.", seven + " eight", "table"), Strings{}) << "captions may";
  EXPECT_EQ(found("It is {{c1.alpha}} and " + seven, "It is {{c2.alpha}} and two").size(), 0u);
}

TEST_F(Check, HoldsResponsesAgainstPoints) {
  const json::object input{{"points", json::array{json::object{{"id", "p1"}}, json::object{{"id", "p2"}}}}};
  const auto responses = [](std::initializer_list<const char*> ids) {
    json::array list;
    for (const char* id : ids) list.push_back(json::object{{"point", id}, {"action", "text"}, {"text", "done"}});
    return json::object{{"responses", std::move(list)}};
  };
  EXPECT_EQ(writing::response_problems(responses({"p1", "p2"}), input), Strings{});
  EXPECT_EQ(writing::response_problems(responses({"p1"}), input), Strings{"responses: point p2 has none"});
  EXPECT_EQ(writing::response_problems(responses({"p1", "p2", "p3"}), input),
            Strings{"responses: there is no point \"p3\""});
}

}  // namespace
}  // namespace aisci
