// What figures draw of several intervals and of several experiments, and that their captions say so.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "agents/analysis/drawn.hpp"
#include "agents/analysis/figures.hpp"
#include "llm/offline/review.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using kit::array_of;
using kit::object_of;
using kit::objects_of;
using kit::text_of;

std::string caption_of(const json::object& study, const std::string& kind) {
  const json::object chosen = analysis::choose_figures(study);
  for (const auto* figure : objects_of(chosen, "figures"))
    if (text_of(*figure, "kind") == kind) return text_of(*figure, "caption");
  return {};
}

TEST(Levels, SayWhatWasTestedWhereTheirMeansComeFrom) {
  json::object study = fixture::study("supported");
  const std::string caption = caption_of(study, "sizes");
  ASSERT_NE(caption, "");
  EXPECT_TRUE(fixture::says(caption, " What was tested is ")) << caption;
  EXPECT_EQ(fixture::says(caption, "an interaction in "), fixture::says(caption, "{{n3.name}}")) << caption;
}

json::array rows_of(const std::vector<std::array<double, 3>>& intervals, const char* verdict = "") {
  json::array rows;
  for (const auto& [mean, lower, upper] : intervals)
    rows.push_back(json::object{{"mean", mean}, {"lower", lower}, {"upper", upper}, {"verdict", verdict}});
  return rows;
}

// The ends of an axis that is cut; {0, 0} of one that is not.
std::pair<double, double> ends(const json::array& rows, double limit) {
  const json::array range = analysis::cut_axis(rows, limit);
  return range.empty() ? std::pair{0.0, 0.0} : std::pair{kit::as_number(range[0]), kit::as_number(range[1])};
}

TEST(AxisOfAForest, IsCutWhereOneIntervalWouldSwallowTheOthers) {
  std::vector<std::array<double, 3>> narrow{{0.1, 0, 0.2}, {0.2, 0.1, 0.3}, {-0.1, -0.2, 0}};
  EXPECT_EQ(ends(rows_of(narrow), 0.1), std::pair(0.0, 0.0));
  EXPECT_EQ(ends(rows_of({}), 0.1), std::pair(0.0, 0.0));
  EXPECT_EQ(ends(rows_of({{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}), 0), std::pair(0.0, 0.0));
  narrow.push_back({-0.5, -9, 8});
  const auto [low, high] = ends(rows_of(narrow), 0.1);
  EXPECT_LT(low, -0.5) << "its mean stays in sight";
  EXPECT_GT(low, -0.6);
  EXPECT_GT(high, 0.3);
  EXPECT_LT(high, 0.4);
  narrow.back() = {-0.1, -9, 0.37};  // an end a little beyond the others is kept in sight
  EXPECT_GT(ends(rows_of(narrow), 0.1).second, 0.37);
  narrow.back() = {-0.5, -9, 8};
  const auto [from, to] = ends(rows_of(narrow), 2);
  EXPECT_LT(from, -2) << "the whole band is";
  EXPECT_GT(to, 2);
  EXPECT_EQ(ends(rows_of(narrow, "refuted"), 0.1), std::pair(0.0, 0.0)) << "the interval of a claim is never cut";
}

TEST(BlocksOfAClaim, AreSaidToCoincideWhereTheyDo) {
  json::object study = fixture::study("supported");
  const auto set = [&](double step) {
    for (auto& value : study["claims"].as_array())
      for (auto& [id, arm] : value.as_object()["evidence"].as_object()["arms"].as_object()) {
        double score = 0.5;
        for (auto& one : arm.as_object()["values"].as_array()) one = score += step;
      }
    return caption_of(study, "paired");
  };
  EXPECT_TRUE(fixture::says(set(0.01), "a line for each block. Right"));
  EXPECT_TRUE(fixture::says(set(0), "a line for each block (equal ones coincide). Right"));
}

// What reviewers say of captions.
std::string said_of_captions(const json::object& study) {
  json::object whole = study;
  whole["figures"] = analysis::choose_figures(study).at("figures");
  std::string said;
  for (const auto& weakness : offline::weaknesses_of(whole))
    if (weakness.text.find("In a caption") == 0) said += weakness.text + "\n";
  return said;
}

TEST(AxisOfAForest, IsToldByTheCaptionWhereItIsCut) {
  json::object study = fixture::study("supported");
  const std::string told = "An arrow stands where an interval goes on outside the axis.";
  EXPECT_EQ(caption_of(study, "forest").find(told), std::string::npos);
  for (auto& value : study["nodes"].as_array()) {
    auto& node = value.as_object();
    if (!node.contains("evidence") || text_of(object_of(node, "hypothesis"), "kind") == "interaction") continue;
    auto& contrast = node["evidence"].as_object()["contrast"].as_object();
    contrast["lower"] = -5, contrast["upper"] = 5;
    break;
  }
  EXPECT_NE(caption_of(study, "forest").find(told), std::string::npos) << caption_of(study, "forest");
  EXPECT_EQ(said_of_captions(study), "");
  const json::object chosen = analysis::choose_figures(study);
  for (const auto* figure : objects_of(chosen, "figures"))
    if (text_of(*figure, "kind") == "forest") {
      EXPECT_LT(kit::as_number(array_of(object_of(*figure, "data"), "range").back()), 1);
    }
}

const json::object& data_of(const json::object& chosen, const std::string& kind) {
  for (const auto* figure : objects_of(chosen, "figures"))
    if (text_of(*figure, "kind") == kind) return object_of(*figure, "data");
  static const json::object kNone;
  return kNone;
}

// A figure that rounds by itself may print another last digit than the table beside it.
TEST(RowsOfAForest, PrintTheNumbersOfTheTables) {
  json::object study = fixture::study("supported");
  study["facts"].as_object()["n1.contrast.lower"].as_object()["text"] = "-0.02 percentage points";
  study["facts"].as_object().erase("n2.contrast.mean");
  const json::object chosen = analysis::choose_figures(study);
  std::size_t told = 0;
  for (const auto* row : objects_of(data_of(chosen, "forest"), "rows")) {
    const auto printed = kit::texts_of(*row, "printed");
    const std::string id = text_of(*row, "id");
    EXPECT_EQ(printed.empty(), id == "n2") << "a study without the fact prints by itself";
    if (printed.empty()) continue;
    ASSERT_EQ(printed.size(), 3u);
    EXPECT_EQ(text_of(object_of(object_of(study, "facts"), id + ".contrast.mean"), "text").find(printed[0] + " "), 0u);
    if (id == "n1") {
      EXPECT_EQ(printed[1], "-0.02");
    }
    ++told;
  }
  EXPECT_GE(told, 4u);
}

TEST(Captions, OfTwoFactorsNameTheInteractionsThatWereTested) {
  json::object study = fixture::study("refuted");
  const auto says = [&](const std::string& words) {
    const std::string caption = caption_of(study, "heat");
    EXPECT_NE(caption.find("an interaction, which " + words), std::string::npos) << caption;
    EXPECT_EQ(said_of_captions(study), "");
  };
  const auto node = [&](const std::string& id) -> json::object& {
    for (auto& value : study["nodes"].as_array())
      if (text_of(value.as_object(), "id") == id) return value.as_object();
    throw std::out_of_range{id};
  };
  says("{{n3.name}} tested for two of them.");  // n7 ran at another learning rate than the cells
  for (auto& arm : node("n7").at("plan").as_object().at("arms").as_array())
    arm.as_object().at("config").as_object()["learning_rate"] = 0.01;
  says("{{n3.name}} and {{n7.name}} tested, each for two of them.");
  node("n7").at("hypothesis").as_object()["baseline"] = 0.4;
  says("{{n3.name}} tested for two of them.");
  node("n3").erase("evidence");
  says("this study did not test.");
}

TEST(Captions, SayWhereAnAxisIsLogarithmicAndThatArmsStandSideBySide) {
  const json::object study = fixture::study("supported");
  const std::string told = "The horizontal axis is logarithmic.";
  const json::object chosen = analysis::choose_figures(study);
  EXPECT_EQ(caption_of(study, "sizes").find(told) != std::string::npos,
            kit::flag_of(data_of(chosen, "sizes"), "logarithmic"));
  EXPECT_NE(caption_of(study, "sizes").find("side by side"), std::string::npos);
  EXPECT_TRUE(analysis::spans(json::array{100, 200, 400}, 4));
  EXPECT_FALSE(analysis::spans(json::array{100, 200, 400}, 8));
  EXPECT_FALSE(analysis::spans(json::array{0, 200, 4000}, 4)) << "zero has no logarithm";
  EXPECT_FALSE(analysis::spans(json::array{100, 4000}, 4));
}

// With more claims there are figures that say more than curves do.
json::object of_one_claim() {
  json::object study = fixture::study("supported");
  study["claims"].as_array().resize(1);
  return study;
}

// Dropout and augmentation are part of the loss that trials log: curves of their arms are not of one thing.
TEST(CurvesOfTraining, AreOfOneLoss) {
  json::object study = of_one_claim();
  EXPECT_NE(caption_of(study, "curves"), "");
  auto& activation = study["template"].as_object()["factors"].as_object()["activation"].as_object();
  for (const char* role : {"component", "input"}) {
    activation["role"] = role;
    EXPECT_EQ(caption_of(study, "curves"), "") << role;
  }
  auto& metrics = study["template"].as_object()["metrics"].as_object();
  for (auto& metric : metrics) metric.value().as_object()["measured_on"] = "training";
  EXPECT_NE(caption_of(study, "curves"), "") << "the outcome is a matter of training itself";
}

TEST(CurvesOfTraining, SayALogarithmicAxisWhereThereIsOne) {
  json::object study = of_one_claim();
  const std::string told = "on a logarithmic axis";
  EXPECT_NE(caption_of(study, "curves").find(told), std::string::npos);
  for (auto& owner : study["curves"].as_object())
    for (auto& arm : owner.value().as_object())
      for (auto& point : arm.value().as_object()["train_loss"].as_array()) point.as_array()[2] = -0.01;
  EXPECT_EQ(caption_of(study, "curves").find(told), std::string::npos);
  EXPECT_FALSE(kit::flag_of(data_of(analysis::choose_figures(study), "curves"), "logarithmic"));
}

// `more` blocks more in an entry's evidence, each a copy of the first.
void add_blocks(json::object& entry, std::size_t more) {
  auto& evidence = entry["evidence"].as_object();
  const auto grow = [more](json::object& holder) {
    auto& values = holder["values"].as_array();
    for (std::size_t i = 0; i < more; ++i) values.push_back(json::value{values.front()});
  };
  for (auto& arm : evidence["arms"].as_object()) grow(arm.value().as_object());
  grow(evidence["contrast"].as_object());
}

// A box says more than many lines; what the nearest claim tests is seen block by block all the same.
TEST(BlocksOfAClaim, AreDrawnAsADistributionWhereTheyAreMany) {
  json::object study = fixture::study("supported");
  EXPECT_EQ(caption_of(study, "distributions"), "");
  const std::string nearest = caption_of(study, "paired");
  for (auto& claim : study["claims"].as_array()) add_blocks(claim.as_object(), 20);
  EXPECT_EQ(caption_of(study, "paired"), nearest);
  const std::string caption = caption_of(study, "distributions");
  EXPECT_TRUE(fixture::says(caption, "their quartiles and range (boxes)")) << caption;
  const json::object data = data_of(analysis::choose_figures(study), "distributions");
  ASSERT_EQ(kit::array_of(data, "arms").size(), 2u);
  for (const auto* arm : objects_of(data, "arms")) EXPECT_GE(kit::array_of(*arm, "values").size(), 20u);
}

// The node's experiment, run again with as many blocks more: another experiment at the same levels.
void repeat_node(json::object& study, const std::string& id, std::size_t more) {
  json::object again;
  for (const auto* node : objects_of(study, "nodes"))
    if (text_of(*node, "id") == id) again = *node;
  ASSERT_FALSE(again.empty()) << id;
  again["id"] = "n99";
  add_blocks(again, more);
  study["nodes"].as_array().push_back(again);
}

// The nodes of which a caption counts blocks.
std::set<std::string> drawn_in(const std::string& caption) {
  std::set<std::string> nodes;
  for (auto at = caption.find(".n}}"); at != std::string::npos; at = caption.find(".n}}", at + 1))
    nodes.insert(caption.substr(caption.rfind('{', at) + 1, at - caption.rfind('{', at) - 1));
  return nodes;
}

TEST(Captions, OfAnInteractionNameWhatIsMeasured) {
  json::object study = fixture::study("inconclusive");
  auto& claims = study["claims"].as_array();
  claims = json::array{claims[1]};  // c2, on depth
  const std::string caption = caption_of(study, "arms");
  EXPECT_NE(caption.find("{{label:label_smoothing.0}} minus label smoothing {{level:label_smoothing.0.1}} with depth "
                         "{{level:depth.1}}, less the same with depth {{level:depth.4}}, inside each block"),
            std::string::npos)
      << caption;
}

TEST(Captions, SayWhichOfSeveralExperimentsAtALevelIsDrawn) {
  for (const auto& [name, kind] :
       {std::pair{"supported", "sizes"}, std::pair{"refuted", "dose"}, std::pair{"refuted", "heat"}}) {
    const json::object study = fixture::study(name);
    const std::string before = caption_of(study, kind);
    const std::string rule = std::string{"At each level the figure shows the node "} +
                             (kind == std::string_view{"dose"} ? "with most" : "that covers most levels");
    const auto drawn = drawn_in(before);
    ASSERT_FALSE(drawn.empty()) << before;
    const std::string id = *drawn.begin();
    json::object equal = study, larger = study;
    repeat_node(equal, id, 0);
    repeat_node(larger, id, 3);
    const std::string same = caption_of(equal, kind), more = caption_of(larger, kind);
    EXPECT_NE(same.find(rule), std::string::npos) << same;
    EXPECT_NE(same.find("{{n99.name}} at "), std::string::npos) << same << ": of equals the first is drawn";
    EXPECT_EQ(drawn_in(same), drawn);
    EXPECT_NE(more.find("{{" + id + ".name}} at "), std::string::npos) << more << ": most blocks are drawn";
    EXPECT_EQ(drawn_in(more).count("n99"), 1u) << more;
    EXPECT_EQ(said_of_captions(equal) + said_of_captions(larger), "");
    if (std::string_view{kind} == "dose") continue;
    for (const auto* node : kit::objects_of(equal, "nodes"))
      if (kit::text_of(*node, "id") == "n99")
        for (const auto* arm : kit::objects_of(kit::object_of(*node, "plan"), "arms")) {
          const std::string drawn_arm = "n99." + kit::text_of(*arm, "id");
          equal["facts"].as_object()[drawn_arm + ".mean"] =
              json::object{{"kind", "number"}, {"value", 0.5}, {"text", "50.0%"}, {"arm", drawn_arm}};
          equal["arms"].as_object()[drawn_arm] = "an arm";
        }
    const std::string with_means = caption_of(equal, kind);
    EXPECT_NE(with_means.find(" ({{arm:n99."), std::string::npos) << with_means << ": what is not drawn is printed";
    std::size_t means = 0;
    for (auto at = with_means.find("}}: {{n99."); at != std::string::npos; at = with_means.find("}}: {{n99.", at + 1))
      ++means;
    EXPECT_EQ(means, 2u) << with_means << ": the two arms that would have been drawn";
  }
}

}  // namespace
}  // namespace aisci
