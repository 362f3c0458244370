// Sentences that were false for some study, each with the rule that keeps them out.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agents/analysis/level_figures.hpp"
#include "llm/offline/hypotheses.hpp"
#include "llm/offline/hypotheses_literature.hpp"
#include "llm/offline/question.hpp"
#include "llm/offline/review.hpp"
#include "llm/offline/writing.hpp"
#include "unit/agents/study_fixture.hpp"

namespace aisci {
namespace {

using fixture::analysed;
using fixture::claim;
using fixture::factor;
using fixture::metric;
using fixture::paper_of;
using fixture::printed_paper;
using fixture::says;
using kit::array_of;
using kit::object_at;
using kit::object_of;
using kit::objects_of;
using kit::text_of;
using Strings = std::vector<std::string>;

std::string captions_of(const json::object& study) {
  std::string text;
  for (const auto* figure : objects_of(study, "figures")) text += text_of(*figure, "caption") + "\n";
  return text;
}

const json::value kElsewhere = json::object{{"factor", "model"}, {"levels", json::array{"none"}}};

TEST(Limitations, SayWhichEntriesComeCloseToTheCeiling) {
  json::object study = fixture::study("supported");
  const auto paper = [&] { return json::serialize(offline::writing_paper(analysed(study))); };
  const auto raise = [&](const char* list, std::size_t index) {
    auto& arms = study[list].as_array()[index].as_object()["evidence"].as_object()["arms"].as_object();
    arms.begin()->value().as_object()["mean"] = 0.98;
  };
  EXPECT_FALSE(says(paper(), "close to the ceiling"));
  raise("nodes", 1);
  EXPECT_TRUE(says(paper(), "In the search, {{n2.name}} has an arm close to the ceiling of the score"));
  raise("claims", 0);
  raise("claims", 2);
  EXPECT_TRUE(says(paper(), "{{c1.name}} and {{c3.name}} have an arm close to the ceiling of the score"));
  EXPECT_TRUE(says(paper(), "is about the whole of the errors that are left to the best arm")) << "0.02 of 0.02";
  auto& arms = study["claims"].as_array()[0].as_object()["evidence"].as_object()["arms"].as_object();
  arms.begin()->value().as_object()["mean"] = 0.971;
  EXPECT_TRUE(says(paper(), "for {{c3.name}} about the whole and for {{c1.name}} about two thirds of the errors"));
  for (auto& arm : arms) arm.value().as_object()["mean"] = 0.971;
  EXPECT_TRUE(says(paper(), "have an arm close to the ceiling of the score (in {{c1.name}} each arm is), where"));
}

TEST(Title, NamesTheData) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(text_of(offline::writing_paper(analysed(study)), "title"),
                   " at {{level:train_size.200}} training images (Optical Recognition of Handwritten Digits): "))
      << "which all claims are on";
  auto& context = fixture::claim(study, 0)["hypothesis"].as_object()["context"].as_object();
  const auto amount = context.at("train_size").as_int64();
  context["train_size"] = 400;
  EXPECT_TRUE(says(text_of(offline::writing_paper(analysed(study)), "title"),
                   " on small datasets (Optical Recognition of Handwritten Digits): "));
  context["train_size"] = amount;
  study["scope"].as_object()["setting"] = "";
  EXPECT_TRUE(says(text_of(offline::writing_paper(analysed(study)), "title"),
                   " of a {{label:model.vit}} with {{arm:c3.gelu}} and with {{arm:c3.relu}} on Optical Recognition of "
                   "Handwritten Digits: "));
  study["template"].as_object()["dataset"].as_object()["called"] = "handwritten digits";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "Accuracy of a ViT with GELU and with ReLU on handwritten digits: "));
  EXPECT_TRUE(says(text, "to the accuracy that a ViT reaches on handwritten digits."));
  EXPECT_TRUE(says(text, "The data set is Optical Recognition of Handwritten Digits"));
  factor(study, "activation")["role"] = "model";
  factor(study, "model").erase("role");
  study["scope"].as_object()["context"] = json::object{};
  study = analysed(study);
  EXPECT_TRUE(says(printed_paper(offline::writing_paper(study), study),
                   "Accuracy of a GELU and of a ReLU on handwritten digits: "));
}

TEST(Title, NamesTheNumberThatAllClaimsAreOnInPlaceOfAWord) {
  json::object study = fixture::study("supported");
  auto& moderator = study["scope"].as_object()["moderator"].as_object();
  moderator["factor"] = "depth", moderator["levels"] = json::array{1, 4};
  const auto title = [&] { return text_of(offline::writing_paper(analysed(study)), "title"); };
  EXPECT_TRUE(says(title(), " at depth {{level:depth.2}} (Optical Recognition of Handwritten Digits): ")) << title();
  fixture::claim(study, 0)["hypothesis"].as_object()["context"].as_object()["depth"] = 4;
  EXPECT_TRUE(says(title(), " on small datasets (Optical Recognition of Handwritten Digits): ")) << title();
}

TEST(Verbs, AgreeWithWhatIsSeveral) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(paper_of(analysed(study)), "GELU leads ReLU in accuracy"));
  factor(study, "activation")["labels"].as_object()["gelu"] = "smooth units";
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "GELU lead ReLU in accuracy"));  // the document's own label stands in the sentence
  EXPECT_TRUE(says(text, "GELU are ahead of ReLU"));
}

TEST(Literature, GivesADirectionOnlyWhereARecordOrdersThePair) {
  const json::object study = fixture::study("supported");
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(
      says(text, "Where a record orders the arms that are compared, the predictions below take their direction"));
  EXPECT_TRUE(says(text, "The prediction drew on the literature"));

  json::object contrary = study;  // the record that is cited says the opposite
  const char* reversed = "ReLU improves over GELU on all considered tasks.";
  for (auto& record : contrary["literature"].as_array())
    if (text_of(record.as_object(), "key") == "hendrycks2016gelu")
      record.as_object()["statements"] = json::array{reversed};
  for (const char* list : {"nodes", "claims"})
    for (auto& entry : contrary[list].as_array())
      for (auto& citation : entry.as_object()["hypothesis"].as_object()["citations"].as_array())
        if (text_of(citation.as_object(), "key") == "hendrycks2016gelu") citation.as_object()["support"] = reversed;
  const std::string opposed = paper_of(analysed(contrary));
  EXPECT_TRUE(says(opposed, "there is a record that points the other way"));
  EXPECT_TRUE(says(opposed, "reports the opposite order. Data, budget and architecture differ"));
  EXPECT_FALSE(says(opposed, "The prediction drew on the literature"));

  EXPECT_EQ(offline::opinion_of("The need for it is better explained by the size of the update."), 0);
  EXPECT_EQ(offline::opinion_of("Dropout improves generalisation."), 1);

  json::object silent = study;  // it speaks of the factor and orders nothing
  for (auto& record : silent["literature"].as_array()) {
    auto& own = record.as_object();
    if (kit::contains(kit::texts_of(own, "themes"), "activation"))
      own["statements"] = json::array{"There is more than one activation function."};
  }
  for (const char* list : {"nodes", "claims"})
    for (auto& entry : silent[list].as_array())
      for (auto& citation : entry.as_object()["hypothesis"].as_object()["citations"].as_array())
        citation.as_object()["support"] = "There is more than one activation function.";
  const std::string open = printed_paper(offline::writing_paper(analysed(silent)), silent);
  EXPECT_TRUE(says(open, "No retrieved record settles the predictions below; "));
  EXPECT_TRUE(says(open, "No retrieved record ranks GELU and ReLU"));
}

TEST(Literature, OfOtherDataOrOtherKindsStaysOut) {
  json::object study = fixture::study("supported");
  for (const auto& [key, themes] : {std::pair{"other2000data", json::array{"data set", "activation"}},
                                    std::pair{"other2000units", json::array{"diagnostic", "activation", "statistics"}},
                                    std::pair{"other2000drop", json::array{"dropout", "activation"}}})
    study["literature"].as_array().push_back(json::object{{"key", key},
                                                          {"title", key},
                                                          {"authors", json::array{"A. Body"}},
                                                          {"year", 2000},
                                                          {"themes", themes},
                                                          {"statements", json::array{"Something else was studied."}}});
  study["template"].as_object()["factors"].as_object().erase("dropout");
  EXPECT_FALSE(says(paper_of(analysed(study)), "Something else was studied"));
}

TEST(Software, IsCitedAsTheTemplateNamesIt) {
  json::object study = fixture::study("supported");
  study["template"].as_object()["software"] = json::array{"pedregosa2011sklearn"};
  const json::object paper = offline::writing_paper(analysed(study));
  const std::string all = json::serialize(paper.at("citations"));
  EXPECT_TRUE(says(all, "pedregosa2011sklearn"));
  EXPECT_FALSE(says(all, "paszke2019pytorch"));
  study["template"].as_object().erase("software");
  EXPECT_FALSE(says(json::serialize(offline::writing_paper(analysed(study)).at("citations")), "pedregosa2011sklearn"));
}

TEST(Software, ThatTheDataWereTakenFromIsNotThatOfTheTrials) {
  json::object study = fixture::study("supported");
  auto& manifest = study["template"].as_object();
  manifest["software"] = json::array{"paszke2019pytorch"};
  manifest["dataset"].as_object()["taken_from"] =
      json::object{{"title", "scikit-learn"}, {"citation", "pedregosa2011sklearn"}};
  const std::string text = paper_of(analysed(study));
  EXPECT_TRUE(says(text, "taken from scikit-learn [pedregosa2011sklearn]")) << text;
  EXPECT_TRUE(says(text, "the trials use PyTorch [paszke2019pytorch]."));
}

TEST(Protocol, SaysHowManyBlocksAnExperimentAdds) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(paper_of(analysed(study)), "An experiment adds 5 blocks to one node, new or not."));
  fixture::node(study, 0)["plan"].as_object()["blocks"] = 10;
  EXPECT_TRUE(says(paper_of(analysed(study)), "An experiment adds blocks to one node, new or not."));
}

TEST(Factors, ThatDoNothingInAnyArmAreNotSpokenOf) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(paper_of(analysed(study)),
                   "peak learning rate was changed as a check (in n4 and n7 alone) but never tuned for each arm"))
      << paper_of(analysed(study));
  for (const char* name : {"learning_rate", "dropout"}) factor(study, name)["applies_to"] = kElsewhere;
  study["template"].as_object()["facts"].as_object()["heads"].as_object()["applies_to"] = kElsewhere;
  study = analysed(study);
  const json::object paper = offline::writing_paper(study);
  for (const auto* section : objects_of(paper, "sections"))
    for (const auto* block : objects_of(*section, "blocks"))
      if (text_of(*block, "id") == "setup") {
        for (const char* row : {"dropout rate", "attention heads", "peak learning rate"})
          EXPECT_FALSE(says(json::serialize(*block), row)) << row;
      }
  const std::string text = printed_paper(paper, study);
  EXPECT_FALSE(says(text, "peak learning rate was changed as a check"));
  EXPECT_FALSE(says(text, "Tune the peak learning rate"));
  EXPECT_FALSE(says(text, "All arms share one"));
}

TEST(Outcome, ThatIsMeasuredOnTheTrainingDataHasNoHeldOutSplit) {
  json::object study = fixture::study("supported");
  EXPECT_TRUE(says(paper_of(analysed(study)), "examples that the search could not read"));
  metric(study)["measured_on"] = "training";
  study = analysed(study);
  const std::string text = paper_of(study), captions = captions_of(study);
  for (const char* words : {"validation split", "confirmation split", "examples that the search could not read",
                            "closed to the search", "on which the search scores"}) {
    EXPECT_FALSE(says(text, words)) << words;
    EXPECT_FALSE(says(captions, words)) << words;
  }
  json::object input = study;
  input["paper"] = offline::writing_paper(study);
  input["text"] = text;
  for (const auto& weakness : offline::weaknesses_of(input)) EXPECT_NE(weakness.rule, "exclusion") << weakness.text;
  EXPECT_TRUE(says(text, "where the outcome is measured as well"));
  EXPECT_TRUE(says(captions, "on the training examples"));
}

TEST(Arms, AreAllInOneTable) {
  json::object study = fixture::study("supported");
  auto& nodes = study["nodes"].as_array();
  std::size_t arms = 0;
  while (arms < 200) {  // more than any number of pages was once foreseen for
    nodes.push_back(nodes[0]);
    arms += 2;
  }
  const json::object paper = offline::writing_paper(analysed(study));
  std::size_t rows = 0;
  for (const auto* section : objects_of(paper, "appendix"))
    for (const auto* block : objects_of(*section, "blocks"))
      if (text_of(*block, "id").rfind("arms", 0) == 0) rows += array_of(*block, "rows").size();
  EXPECT_GT(rows, 200u);
}

TEST(Arms, NameTheirUnitOnceInTheCaption) {
  const auto table = [](const std::string& unit) {
    json::object study = fixture::study("supported");
    for (auto& metric : study["template"].as_object()["metrics"].as_object()) metric.value().as_object()["unit"] = unit;
    for (auto& fact : study["facts"].as_object())
      if (auto& one = fact.value().as_object();
          unit != "fraction" && text_of(one, "kind") == "fraction" && one.contains("arm")) {
        one["kind"] = "amount";
        one["text"] = "0.842 " + unit;
      }
    const json::object paper = offline::writing_paper(analysed(study));
    json::object found;
    for (const auto* section : objects_of(paper, "appendix"))
      for (const auto* block : objects_of(*section, "blocks"))
        if (text_of(*block, "id") == "arms") found = *block;
    return found;
  };
  const json::object decades = table("decades");
  EXPECT_NE(text_of(decades, "caption").find(" in decades over blocks"), std::string::npos) << decades;
  ASSERT_FALSE(array_of(decades, "rows").empty());
  for (const auto& row : array_of(decades, "rows"))
    for (const std::size_t cell : {2u, 3u, 4u})
      EXPECT_NE(row.as_array()[cell].as_string().find("|short}}"), json::string::npos) << row;
  // A per cent sign belongs to its number, and a caption may not hold the digit of a unit.
  for (const char* unit : {"fraction", "m2"}) {
    const json::object other = table(unit);
    ASSERT_FALSE(array_of(other, "rows").empty()) << unit;
    for (const auto& row : array_of(other, "rows"))
      EXPECT_EQ(row.as_array()[4].as_string().find("|short}}"), json::string::npos) << row;
  }
}

TEST(Blocks, AllAlikeAreSaidToBe) {
  json::object study = fixture::study("supported");
  EXPECT_FALSE(says(paper_of(analysed(study)), "the same score in every block"));
  for (auto& value : claim(study, 2)["evidence"].as_object()["contrast"].as_object()["values"].as_array()) value = 0;
  EXPECT_TRUE(says(paper_of(analysed(study)), "Both arms have the same score in every block"));
}

// ---- figures

TEST(LevelFigures, DrawArmsTogetherOnlyWhereTheyShareBlocks) {
  json::object study = fixture::study("supported");
  analysis::Looks looks{{}};
  const auto sizes = analysis::sizes_figure(study, looks);
  ASSERT_TRUE(sizes.has_value());
  const auto lines = objects_of(sizes->data, "arms");
  ASSERT_EQ(lines.size(), 2u);
  for (std::size_t i = 0; i < objects_of(*lines[0], "levels").size(); ++i) {
    bool together = false;  // some node has both arms at this level, with these means
    for (const auto* one : objects_of(study, "nodes")) {
      std::size_t found = 0;
      for (const auto& [id, arm] : object_at(*one, "evidence.arms"))
        for (const auto* line : lines)
          found += kit::number_of(arm.as_object(), "mean") == kit::number_of(*objects_of(*line, "levels")[i], "mean");
      together = together || found >= 2;
    }
    EXPECT_TRUE(together) << i;
  }
}

TEST(LevelFigures, SetDosesAgainstTheLevelTheyMet) {
  json::object study = fixture::study("refuted");  // dropout: 0.2 against 0, 0 against 0.4
  study["scope"].as_object()["moderator"] = nullptr;
  for (auto& value : study["nodes"].as_array())
    for (auto& arm : value.as_object()["plan"].as_object()["arms"].as_array())
      arm.as_object()["config"].as_object()["train_size"] = 200;
  const auto dose = analysis::dose_figure(study);
  ASSERT_TRUE(dose.has_value());
  EXPECT_EQ(kit::number_of(dose->data, "reference"), 0);
  const auto& of = [&](const char* id) -> const json::object& {
    for (const auto* one : objects_of(study, "nodes"))
      if (text_of(*one, "id") == id) return object_at(*one, "evidence.contrast");
    static const json::object kNone;
    return kNone;
  };
  std::size_t seen = 0;
  for (const auto* level : objects_of(dose->data, "levels")) {
    if (kit::number_of(*level, "level") == 0.2) {
      ++seen;
      EXPECT_EQ(kit::number_of(*level, "mean"), kit::number_of(of("n1"), "mean"));
    }
    if (kit::number_of(*level, "level") == 0.4) {  // the plan subtracts it from 0
      ++seen;
      EXPECT_EQ(kit::number_of(*level, "mean"), -kit::number_of(of("n2"), "mean"));
      EXPECT_EQ(kit::number_of(*level, "lower"), -kit::number_of(of("n2"), "upper"));
    }
  }
  EXPECT_EQ(seen, 2u);
  EXPECT_EQ(writing::text_problems({"caption", dose->caption}, {}, study), Strings{});
}

// ---- revision

std::string response_to(const json::object& study, const char* rule, const char* text, const char* entry,
                        std::string* paper = nullptr) {
  json::object input = study;
  input["paper"] = offline::writing_paper(study);
  input["points"] =
      json::array{json::object{{"id", "p1"}, {"text", text}, {"rule", rule}, {"kind", "evidence"}, {"entry", entry}}};
  const json::object answer = offline::writing_revise(input);
  if (paper) *paper = printed_paper(answer.at("paper").as_object(), study);
  return text_of(*objects_of(answer, "responses")[0], "text");
}

TEST(Revision, AnswersAPointByTheRuleThatRaisedIt) {
  json::object study = analysed(fixture::study("supported"));
  std::string paper;
  EXPECT_TRUE(says(response_to(study, "arms-identical", "the same score in every block", "n1", &paper),
                   "Each arm ran under its own configuration"));
  EXPECT_TRUE(says(paper, "That two arms of n1 score alike throughout is no copy"));
  EXPECT_TRUE(says(response_to(study, "contrast-differs", "not those of the scores", "c1", &paper),
                   "verification computes them again"));
  EXPECT_FALSE(says(paper, "cannot settle"));
  response_to(study, "untrained", "a failed training and not the factor", "n1", &paper);
  EXPECT_TRUE(says(paper, "so a contrast with it reflects that failure as much as any difference that was looked for"));
  EXPECT_FALSE(says(paper, "Experiments that failed are named"));
  for (const char* arm : {"n1.gelu", "n1.relu"})  // one arm at the level of guessing is named with its score
    study["facts"].as_object()[std::string{arm} + ".mean"].as_object()["value"] = 0.9;
  study["facts"].as_object()["n1.relu.mean"].as_object()["value"] = 0.05;
  response_to(study, "untrained", "a failed training and not the factor", "n1", &paper);
  EXPECT_TRUE(says(paper, "Of the arms of n1, \u201cReLU\u201d (")) << paper;
  EXPECT_TRUE(says(paper, ") does on average no better than guessing"));
}

TEST(Revision, PointsToFailedExperimentsOnlyWhereThereAreSome) {
  json::object study = fixture::study("supported");
  const char* text = "The failed runs?";
  EXPECT_TRUE(says(response_to(analysed(study), "", text, "c1"), "list of failed experiments"));
  auto& nodes = study["nodes"].as_array();
  nodes.erase(std::remove_if(nodes.begin(), nodes.end(),
                             [](const json::value& one) { return !one.as_object().contains("evidence"); }),
              nodes.end());
  EXPECT_FALSE(says(response_to(analysed(study), "", text, "c1"), "list of failed experiments"));
}

TEST(Revision, GrantsNoRivalThatCannotAct) {
  json::object study = fixture::study("supported");
  factor(study, "learning_rate")["applies_to"] = kElsewhere;
  std::string paper;
  EXPECT_TRUE(
      says(response_to(analysed(study), "rate", "one peak learning rate, not tuned in this study", "c1", &paper),
           "acts on none of the networks"));
  EXPECT_FALSE(says(paper, "was not put to the test"));
}

// Where the first claim has a setting of its own, no other is said to share it.
TEST(Setting, OfAFurtherClaimIsTheSameOnlyWhereItIs) {
  json::object study = fixture::study("supported");
  auto& claims = study["claims"].as_array();
  for (std::size_t i = 0; i < claims.size(); ++i) {
    auto& hypothesis = claims[i].as_object()["hypothesis"].as_object();
    if (text_of(hypothesis, "kind") == "interaction") continue;
    hypothesis["context"].as_object().erase("learning_rate");
    hypothesis["context"].as_object()["model"] = "vit";
  }
  EXPECT_TRUE(says(text_of(offline::writing_paper(analysed(study)), "abstract"), "n the same setting"));
  for (auto& one : claims) one.as_object()["hypothesis"].as_object()["relation"] = "rival";
  auto& first = claims[0].as_object()["hypothesis"].as_object();
  first["context"].as_object()["learning_rate"] = 0.005;
  for (std::size_t i = 1; i < claims.size(); ++i) claims[i].as_object()["hypothesis"].as_object()["factor"] = "dropout";
  claims.resize(2);
  EXPECT_FALSE(says(text_of(offline::writing_paper(analysed(study)), "abstract"), "n the same setting"));
}

// Layer normalisation is the template's default; the question's usual setting has none.
TEST(Setting, NamesADefaultThatIsNotTheUsualLevel) {
  json::object study = fixture::study("inconclusive");
  study["scope"].as_object()["stack"] =
      json::array{json::object{{"factor", "label_smoothing"}, {"off", 0}, {"on", 0.1}},
                  json::object{{"factor", "normalisation"}, {"off", "none"}, {"on", "batch"}}};
  study = analysed(study);
  const json::object paper = offline::writing_paper(study);
  EXPECT_EQ(writing::paper_problems(paper, study), Strings{});
  EXPECT_TRUE(says(printed_paper(paper, study), "layer normalisation"));
  bool labelled = false;
  for (const auto* figure : objects_of(study, "figures"))
    if (text_of(*figure, "kind") == "forest")
      labelled = says(json::serialize(object_of(*figure, "data")), "layer normalisation");
  EXPECT_TRUE(labelled);
}

TEST(Abstract, HoldsEveryClaimHoweverLongTheyAre) {
  json::object study = fixture::study("inconclusive");
  factor(study, "label_smoothing")["labels"].as_object()["0"] = "labels that no smoothing of any kind has touched";
  study = analysed(study);
  const json::object paper = offline::writing_paper(study);
  const std::string abstract = text_of(paper, "abstract");
  for (const auto* one : objects_of(study, "claims"))
    EXPECT_TRUE(says(abstract, "{{verdict:" + text_of(*one, "id") + "}}")) << abstract;
  const std::string printed = writing::printed(abstract, paper, study);
  EXPECT_LE(fixture::count_words(printed), 250u);
  for (auto at = printed.find(". "); at != std::string::npos; at = printed.find(". ", at + 1))
    EXPECT_FALSE(std::islower(static_cast<unsigned char>(printed[at + 2]))) << printed.substr(at);
}

TEST(Stack, IsNamedByWhatIsAdded) {
  json::object study = fixture::study("inconclusive");
  study["scope"].as_object()["stack"] =
      json::array{json::object{{"factor", "label_smoothing"}, {"off", 0}, {"on", 0.1}},
                  json::object{{"factor", "dropout"}, {"off", 0}, {"on", 0.2}},
                  json::object{{"factor", "normalisation"}, {"off", "none"}, {"on", "batch"}}};
  EXPECT_TRUE(says(text_of(offline::writing_paper(analysed(study)), "title"),
                   "How label smoothing, dropout and batch normalisation act together"));
}

}  // namespace
}  // namespace aisci
