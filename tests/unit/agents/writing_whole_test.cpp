// What a paper draws where a question stacks several parts: what one part by itself accounts for, what records on two
// of the parts lead one to expect, and which models the search alone ran.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::node;
using fixture::paper_of;
using fixture::says;

constexpr const char* kAccountsForIt =
    "batch normalisation by itself would account for what the whole gains over its other parts (n5): it gains about as";

// What each of the two arms sets the three parts to: label smoothing, dropout, normalisation.
struct Arm {
  const char* label;
  double label_smoothing, dropout;
  const char* normalisation;
};

void set_pair(json::object& study, json::object& entry, const char* factor, const Arm& treatment, const Arm& baseline) {
  const std::string id{entry["id"].as_string()};
  auto& plan = entry["plan"].as_object();
  auto& contrast = plan["contrast"].as_object();
  contrast["kind"] = "difference", contrast["predicted_sign"] = 1;
  auto& arms = plan["arms"].as_array();
  arms.resize(2);
  const Arm* sides[] = {&treatment, &baseline};
  for (std::size_t i = 0; i < 2; ++i) {
    auto& arm = arms[i].as_object();
    auto& config = arm["config"].as_object();
    config["label_smoothing"] = sides[i]->label_smoothing, config["dropout"] = sides[i]->dropout;
    config["normalisation"] = sides[i]->normalisation;
    arm["label"] = study["arms"].as_object()[id + "." + std::string{arm["id"].as_string()}] = sides[i]->label;
  }
  auto& hypothesis = entry["hypothesis"].as_object();
  hypothesis["kind"] = "difference", hypothesis["factor"] = factor, hypothesis.erase("moderator");
  hypothesis["treatment"] = arms[0].as_object()["config"].as_object()[factor];
  hypothesis["baseline"] = arms[1].as_object()["config"].as_object()[factor];
  hypothesis["context"] = json::object{{"model", "cnn"}};
  if (std::string_view{factor} != "normalisation") hypothesis["context"].as_object()["normalisation"] = "none";
}

void set_contrast(json::object& study, json::object& entry, double mean, double lower, double upper) {
  auto& contrast = entry["evidence"].as_object()["contrast"].as_object();
  contrast["mean"] = mean, contrast["lower"] = lower, contrast["upper"] = upper;
  const std::string id{entry["id"].as_string()};
  for (const auto& [part, value] : {std::pair{"mean", mean}, std::pair{"lower", lower}, std::pair{"upper", upper}}) {
    auto& fact = study["facts"].as_object()[id + ".contrast." + part].as_object();
    fact["value"] = value;
    fact["text"] =
        (value < 0 ? "\u2212" : "+") + std::to_string(std::abs(100 * value)).substr(0, 3) + " percentage points";
  }
}

// Label smoothing, dropout and batch normalisation: the whole against batch normalisation alone is equivalent (c1), and
// by themselves the first two gave nothing and the last a good deal.
json::object stack() {
  json::object study = fixture::study("inconclusive");
  study["scope"].as_object()["stack"] =
      json::array{json::object{{"factor", "label_smoothing"}, {"off", 0}, {"on", 0.1}},
                  json::object{{"factor", "dropout"}, {"off", 0}, {"on", 0.2}},
                  json::object{{"factor", "normalisation"}, {"off", "none"}, {"on", "batch"}}};
  study["claims"].as_array().resize(1);
  for (json::object* entry : {&node(study, 1), &claim(study, 0)}) {
    set_pair(study, *entry, "label_smoothing", {"all three together", 0.1, 0.2, "batch"},
             {"batch normalisation alone", 0, 0, "batch"});
    auto& hypothesis = (*entry)["hypothesis"].as_object();
    hypothesis["also"] =
        json::object{{"dropout", json::array{0.2, 0}}, {"normalisation", json::array{"batch", "batch"}}};
    hypothesis["context"] = json::object{{"model", "cnn"}};
    hypothesis["called"] = json::array{"all three together", "batch normalisation alone"};
    hypothesis["primary"] = true;
    set_contrast(study, *entry, 0.001, -0.004, 0.006);
  }
  claim(study, 0)["verdict"] = "equivalent";
  const Arm none{"none of them", 0, 0, "none"};
  set_pair(study, node(study, 0), "label_smoothing", {"label smoothing 0.1", 0.1, 0, "none"}, none);
  set_contrast(study, node(study, 0), 0.002, -0.005, 0.009);
  set_pair(study, node(study, 5), "dropout", {"dropout rate 0.2", 0, 0.2, "none"}, none);
  set_contrast(study, node(study, 5), 0.001, -0.006, 0.008);
  set_pair(study, node(study, 2), "normalisation", {"batch normalisation", 0, 0, "batch"}, none);
  set_contrast(study, node(study, 2), 0.024, 0.011, 0.037);
  set_pair(study, node(study, 4), "label_smoothing", {"all three together", 0.1, 0.2, "batch"},
           {"dropout alone", 0, 0.2, "none"});
  auto& against_dropout = node(study, 4)["hypothesis"].as_object();
  against_dropout["also"] =
      json::object{{"dropout", json::array{0.2, 0.2}}, {"normalisation", json::array{"batch", "none"}}};
  against_dropout["context"] = json::object{{"model", "cnn"}};
  against_dropout["called"] = json::array{"all three together", "dropout alone"};
  set_contrast(study, node(study, 4), 0.02, 0.012, 0.028);
  return study;
}

// The study with n7, which asks whether batch normalisation changes what dropout does.
json::object with_pair(json::object study) {
  json::object first = fixture::study("inconclusive");  // its n5: no label smoothing or 0.1, at depth 1 and 4
  json::object asked = node(first, 4);
  asked["id"] = "n7";
  auto& hypothesis = asked["hypothesis"].as_object();
  hypothesis["factor"] = "dropout", hypothesis["treatment"] = 0.2, hypothesis["baseline"] = 0;
  hypothesis["moderator"] = json::object{{"factor", "normalisation"}, {"levels", json::array{"batch", "none"}}};
  hypothesis["context"] = json::object{{"model", "cnn"}};
  for (auto& arm : asked["plan"].as_object()["arms"].as_array()) {
    auto& config = arm.as_object()["config"].as_object();
    config["dropout"] = kit::number_of(config, "label_smoothing") == 0 ? 0.2 : 0;
    config["normalisation"] = kit::number_of(config, "depth") == 1 ? "batch" : "none";
    config["label_smoothing"] = 0, config["depth"] = 2;
  }
  const auto renamed = [](const std::string& text) { return "n7" + text.substr(2); };
  auto& arms = study["arms"].as_object();
  for (const auto& [name, label] : first["arms"].as_object())
    if (name.starts_with("n5.")) arms[renamed(name)] = label;
  auto& facts = study["facts"].as_object();
  for (const auto& [name, fact] : first["facts"].as_object()) {
    if (!name.starts_with("n5.")) continue;
    json::object copy = fact.as_object();
    if (auto* of = copy["arms"].if_array())
      for (auto& arm : *of) arm = renamed(std::string{arm.as_string()});
    if (kit::text_of(copy, "text") == "n5") copy["text"] = "n7";
    facts[renamed(name)] = copy;
  }
  study["nodes"].as_array().push_back(asked);
  return study;
}

std::string printed(const json::object& study) {
  return fixture::printed_paper(offline::writing_paper(analysed(study)), analysed(study));
}

TEST(PartsOfAStack, AreNamedAloneAndByTheirValueAndBesideTheTemplatesDefaults) {
  json::object study = stack();
  const std::string text = printed(study);
  EXPECT_TRUE(says(text,
                   "; where no other factor is changed, the same network is listed under its value (\u201cbatch "
                   "normalisation alone\u201d as batch normalisation)"))
      << text;
  fixture::factor(study, "normalisation")["default"] = "layer";
  EXPECT_TRUE(says(printed(study), "are off; the template's own default is layer normalisation.")) << printed(study);
  EXPECT_TRUE(says(printed(study), "All values are the template's, except what the question names or combines."));
}

TEST(PartsOfAStack, SayWhichOfThemAccountsForTheWhole) {
  const json::object study = stack();
  EXPECT_TRUE(says(printed(study), kAccountsForIt)) << printed(study);
  EXPECT_TRUE(says(printed(study), "the search saw this, and no claim was made of it: ")) << printed(study);
  json::object confirmed = study;
  confirmed["claims"].as_array().push_back(fixture::study("inconclusive")["claims"].as_array()[1]);
  set_pair(confirmed, claim(confirmed, 1), "label_smoothing", {"all three together", 0.1, 0.2, "batch"},
           {"dropout alone", 0, 0.2, "none"});
  claim(confirmed, 1)["hypothesis"] = node(confirmed, 4)["hypothesis"];
  claim(confirmed, 1)["node"] = "n5";
  set_contrast(confirmed, claim(confirmed, 1), 0.012, 0.006, 0.018);
  claim(confirmed, 1)["verdict"] = "equivalent";
  EXPECT_TRUE(says(printed(confirmed), "(c2, by 1.2 percentage points, short of the limit)")) << printed(confirmed);
  EXPECT_TRUE(says(printed(study), "Of the parts alone the search, exploratory, saw this: label smoothing 0.1 minus "))
      << "in the abstract: " << printed(study);
  EXPECT_FALSE(says(printed(study), "stacking does not pay over")) << "which the claim's own sentence has said";
  const char* parts =
      "), about what the whole gains over dropout alone (n5); label smoothing (n1) and dropout (n6) by themselves did "
      "not gain as much.";
  EXPECT_TRUE(says(printed(study), parts)) << "in the conclusion: " << printed(study);
  EXPECT_TRUE(says(printed(study), "No claim sets the whole against dropout alone, but the search did: "));
  EXPECT_TRUE(says(printed(study), "The whole was set against single parts, never against none of them or two."));
  EXPECT_TRUE(says(printed(study),
                   "Does the whole give more than each part alone? By the limit it does not: over batch normalisation "
                   "alone, a gain of that size is excluded (c1)."))
      << printed(study);
  json::object other = study;  // dropout may gain as much as the limit
  set_contrast(other, node(other, 5), 0.012, -0.006, 0.03);
  EXPECT_FALSE(says(printed(other), kAccountsForIt));
  EXPECT_TRUE(says(printed(other), " By themselves, in the search, the parts stood so: label smoothing 0.1 minus "))
      << printed(other);
  json::object much = study;  // less than the limit, and still more than batch normalisation gained
  set_contrast(much, node(much, 2), 0.015, 0.005, 0.025);
  set_contrast(much, node(much, 5), 0.012, 0.006, 0.018);
  EXPECT_FALSE(says(printed(much), kAccountsForIt));
  json::object open = study;  // batch normalisation itself may gain nothing
  set_contrast(open, node(open, 2), 0.024, -0.001, 0.049);
  EXPECT_FALSE(says(printed(open), kAccountsForIt));
  json::object more = study;  // the whole gains far more on dropout than batch normalisation does
  set_contrast(more, node(more, 4), 0.05, 0.04, 0.06);
  EXPECT_FALSE(says(printed(more), kAccountsForIt));
  json::object gains = study;  // the whole does more than it
  claim(gains, 0)["verdict"] = "supported";
  set_contrast(gains, claim(gains, 0), 0.03, 0.01, 0.05);
  EXPECT_FALSE(says(printed(gains), "Does the whole give more"));
  EXPECT_FALSE(says(printed(gains), kAccountsForIt));
  json::object missing = study;  // label smoothing alone was not run
  node(missing, 0).erase("evidence");
  EXPECT_FALSE(says(printed(missing), kAccountsForIt));
}

TEST(PartsOfAStack, AreHeldAgainstRecordsThatDenyThemAGain) {
  json::object study = stack();
  EXPECT_FALSE(says(printed(study), "a reason to expect"));
  study["literature"].as_array().push_back(json::object{
      {"key", "ioffe2015batch"},
      {"title", "Batch Normalization"},
      {"authors", json::array{"Sergey Ioffe", "Christian Szegedy"}},
      {"year", 2015},
      {"themes", json::array{"normalisation", "dropout"}},
      {"statements", json::array{"Batch normalisation also acts as a regulariser and in some cases makes dropout "
                                 "unnecessary."}}});
  EXPECT_TRUE(says(printed(study),
                   "[ioffe2015batch] report of dropout beside batch normalisation is a reason to expect that the whole "
                   "gains little there from that part; c1 is in keeping with that expectation."))
      << printed(study);
  EXPECT_FALSE(says(printed(study), "changes what dropout does"));
  EXPECT_TRUE(says(printed(with_pair(study)),
                   "Whether batch normalisation changes what dropout does, the subject of [ioffe2015batch], was asked "
                   "in n7: "))
      << printed(with_pair(study));
  claim(study, 0)["verdict"] = "inconclusive";
  EXPECT_TRUE(says(printed(study), "from that part; c1 leaves it open."));
  auto& record = study["literature"].as_array().back().as_object();
  record["statements"] = json::array{"Batch normalisation and dropout disagree in the variance of their units."};
  EXPECT_FALSE(says(printed(study), "a reason to expect")) << "that denies no gain";
}

TEST(Dependence, ThatIsNoMainClaimIsInTheConclusionAndOthersInTheDiscussion) {
  json::object study = fixture::study("inconclusive");  // c2 is on depth, n3 on the amount of data
  const std::string lead = "By c2, the advantage, if any, that no label smoothing has over label smoothing 0.1 ";
  EXPECT_TRUE(says(printed(study), lead + "may or may not grow between depth 1 and depth 4.")) << printed(study);
  EXPECT_TRUE(says(printed(study), "Other conditions were run: in n3, "));
  for (const auto& [verdict, told] :
       {std::pair{"supported", "grows between depth 1 and depth 4."}, std::pair{"equivalent", "changes by less than "},
        std::pair{"refuted", "does not grow by as much as "}}) {
    claim(study, 1)["verdict"] = verdict;
    EXPECT_TRUE(says(printed(study), lead + told)) << verdict;
  }
  EXPECT_TRUE(says(printed(study), "; to shrink by that is not excluded.")) << "of one that is refuted";
  auto& contrast = claim(study, 1)["evidence"].as_object()["contrast"].as_object();
  const double sign = kit::number_of(contrast, "mean") < 0 ? 1 : -1;
  contrast["mean"] = 0.5 * sign, contrast["lower"] = 0.4 * sign, contrast["upper"] = 0.6 * sign;
  const bool turned =
      says(printed(study), lead + "shrinks between depth 1 and depth 4, in the direction opposite to the claim.");
  contrast["mean"] = -0.5 * sign, contrast["lower"] = -0.6 * sign, contrast["upper"] = -0.4 * sign;
  EXPECT_NE(turned,
            says(printed(study), lead + "shrinks between depth 1 and depth 4, in the direction opposite to the claim."))
      << "one of the two signs is against the claim";
  study["claims"].as_array().erase(study["claims"].as_array().begin() + 1);
  EXPECT_FALSE(says(printed(study), "Other conditions were run")) << "then no claim is on any";
}

TEST(Protocol, SaysOfWhichClaimsTheLeastNumberOfBlocksWasEnough) {
  json::object study = fixture::study("supported");
  const char* least = "the least number suffices";
  const auto blocks = [&](double count) {
    study["facts"].as_object()["protocol.least_confirmation_blocks"].as_object()["value"] = count;
  };
  blocks(2);
  EXPECT_FALSE(says(paper_of(analysed(study)), least));
  blocks(kit::number_of(claim(study, 0), "n"));
  EXPECT_TRUE(says(paper_of(analysed(study)), least));
}

TEST(SetUp, OfAModelThatTheSearchAloneRanStandsInTheAppendix) {
  json::object study = fixture::study("supported");
  const auto of = [](const char* model, const char* text) {
    return json::object{{"text", text},
                        {"applies_to", json::object{{"factor", "model"}, {"levels", json::array{model}}}}};
  };
  study["template"].as_object()["details"] =
      json::array{of("vit", "Tokens are read in order."), of("cnn", "Kernels are square.")};
  const auto claimed_on = [&](const char* model) {
    for (auto& value : study["claims"].as_array())
      for (auto& arm : value.as_object()["plan"].as_object()["arms"].as_array())
        arm.as_object()["config"].as_object()["model"] = model;
  };
  const auto after_claims = [&](const std::string& text) {
    const std::string paper = printed(study);
    return paper.find(text) > paper.find("Limitations") && says(paper, text);
  };
  claimed_on("vit");
  node(study, 0)["plan"].as_object()["arms"].as_array()[0].as_object()["config"].as_object()["model"] = "cnn";
  EXPECT_TRUE(after_claims("Kernels are square.")) << printed(study);
  EXPECT_FALSE(after_claims("Tokens are read in order."));
  EXPECT_TRUE(says(printed(study), "Kinds of model that no claim is on are described in the appendix."));
  claimed_on("cnn");
  EXPECT_FALSE(after_claims("Kernels are square."));
}

// A detail on a model that claims are on, in a setting that none is: the kind of model is no stranger to the reader.
TEST(SetUp, OfASettingThatTheSearchAloneRanStaysInTheMethod) {
  json::object study = fixture::study("supported");
  const auto condition = [](const char* factor, const json::value& level) {
    return json::object{{"factor", factor}, {"levels", json::array{level}}};
  };
  study["template"].as_object()["details"] = json::array{
      json::object{{"text", "Tokens go without."},
                   {"applies_to", json::array{condition("model", "vit"), condition("normalisation", "none")}}}};
  node(study, 0)["plan"].as_object()["arms"].as_array()[0].as_object()["config"].as_object()["normalisation"] = "none";
  const std::string paper = printed(study);
  EXPECT_TRUE(says(paper, "Tokens go without."));
  EXPECT_FALSE(says(paper, "Kinds of model that no claim is on"));
}

TEST(Ablation, NamesWhatTheEffectMightNeed) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(printed(study), "Might what separates "));
  claim(study, 0)["node"] = "n9";  // so that its node is told of
  json::object& one = node(study, 3);
  auto& hypothesis = one["hypothesis"].as_object();
  one["parent"] = "n1", hypothesis["relation"] = "ablation";
  hypothesis["context"] = json::object{{"model", "vit"}, {"train_size", 200}, {"normalisation", "none"}};
  EXPECT_TRUE(says(printed(study), "Might what separates GELU from ReLU need layer normalisation? ")) << printed(study);
}

}  // namespace
}  // namespace aisci
