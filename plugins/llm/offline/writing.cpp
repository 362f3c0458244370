#include "writing.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "document.hpp"
#include "telling.hpp"

namespace aisci::offline {
namespace {

json::object paragraph(std::string text) { return {{"type", "paragraph"}, {"text", std::move(text)}}; }
json::object section(const std::string& id, const std::string& title, json::array blocks) { return {{"id", id}, {"title", title}, {"blocks", std::move(blocks)}}; }

bool has_digit(const std::string& text) { return text.find_first_of("0123456789") != std::string::npos; }

// Themes of related work in the order in which a reader needs them.
struct Theme {
  const char* tag;
  const char* opening;
};
constexpr Theme kThemes[] = {{"activation", "On activation functions."},
                             {"vision transformer", "On Vision Transformers and small data."},
                             {"dropout", "On dropout."},
                             {"weight decay", "On weight decay."},
                             {"normalisation", "On normalisation."},
                             {"label smoothing", "On label smoothing."},
                             {"learning rate", "On optimisation."},
                             {"augmentation", "On augmentation."},
                             {"evaluation", "On evaluation."},
                             {"automated research", "On automated research."}};

class Author {
 public:
  explicit Author(const json::object& study) : study_{study}, manifest_{object_of(study, "template")}, scope_{object_of(study, "scope")} {
    for (const auto* claim : objects_of(study, "claims")) claims_.push_back(claim);
    for (const auto* node : objects_of(study, "nodes")) nodes_.push_back(node);
    const auto& factor = object_of(object_of(manifest_, "factors"), text_of(scope_, "factor"));
    factor_ = text_of(factor, "title", "chosen factor");
    const auto& metric = object_of(object_of(manifest_, "metrics"), text_of(manifest_, "metric"));
    metric_ = text_of(metric, "title", "metric");
  }

  json::object run() {
    json::array sections;
    sections.push_back(introduction());
    if (auto related = related_work(); !array_of(related, "blocks").empty()) sections.push_back(std::move(related));
    sections.push_back(method());
    sections.push_back(protocol());
    sections.push_back(results());
    sections.push_back(discussion());
    sections.push_back(limitations());
    sections.push_back(conclusion());
    return {{"$schema", "aisci/paper/1"}, {"title", title()}, {"abstract", abstract()}, {"sections", std::move(sections)}, {"appendix", json::array{reproducibility()}}, {"citations", citations()}};
  }

 private:
  std::string title() const {
    std::string model;
    if (const auto* level = find_member(object_of(scope_, "context"), "model")) model = level_word(manifest_, "model", *level);
    return capitalised("The " + factor_ + " and the " + metric_ + " of " + (model.empty() ? "small networks" : "a small " + model) + (small() ? " on small data sets" : " on digits") + ": " + outcome_phrase());
  }

  bool small() const { return !object_of(scope_, "moderator").empty() && text_of(object_of(scope_, "moderator"), "factor") == "train_size"; }

  std::string outcome_phrase() const {
    std::set<std::string> verdicts;
    for (const auto* claim : claims_) verdicts.insert(text_of(*claim, "verdict"));
    if (verdicts.count("supported")) return verdicts.size() == 1 ? "a confirmed effect" : "what holds and what does not";
    if (verdicts.count("refuted") || verdicts.count("equivalent")) return verdicts.count("inconclusive") ? "little that matters, something open" : "no effect that matters";
    return "an open question, measured";
  }

  // What stands for the setting that the question names, as references.
  std::string setting() const {
    const auto& moderator = object_of(scope_, "moderator");
    const std::string factor = text_of(moderator, "factor");
    const auto& levels = array_of(moderator, "levels");
    if (levels.size() < 2) return {};
    const std::string first = level_word(manifest_, factor, levels.front()), last = level_word(manifest_, factor, levels.back());
    if (factor == "train_size") return "training sets of " + first + " to " + last + " images";
    return text_of(object_of(object_of(manifest_, "factors"), factor), "title", factor) + " from " + first + " to " + last;
  }

  std::string dataset() const { return "handwritten digits"; }

  std::string abstract() const {
    std::string text = "Whether the " + factor_ + " matters for the " + metric_ + " of small networks is often answered from single runs, where the luck of a seed passes for an effect. ";
    text += "We put the question to a designed experiment with networks trained from scratch on " + dataset() + ". ";
    if (const std::string what = setting(); !what.empty()) text += capitalised(small() ? "small data sets stand here for " + what : "the setting covers " + what) + ". ";
    text += "A tree search over {{study.hypotheses}} hypotheses used {{study.trials}} training runs, arranged in blocks in which every arm shares seed, training subset and batch order. "
            "What the search suggested counted as exploratory; ";
    text += claims_.size() == 1 ? "one claim was then locked and tested once, " : "{{study.claims}} claims were then locked and tested once each, ";
    text += "on fresh seeds and on images that nothing had read before, with intervals corrected for their number. ";
    std::size_t turn = 2;
    for (const auto* claim : claims_) {
      if (object_of(*claim, "evidence").empty()) continue;
      const std::string id = text_of(*claim, "id"), names = comparison_of(study_, object_of(*claim, "hypothesis"));
      text += turn % 2 == 0 ? "For " + names + " the confirmed contrast is {{" + id + ".contrast.mean}}, between {{" + id + ".contrast.lower}} and {{" + id + ".contrast.upper}}: {{verdict:" + id + "}}. "
                            : capitalised(names) + " gave {{" + id + ".contrast.mean}} (limits {{" + id + ".contrast.lower}} and {{" + id + ".contrast.upper}}), hence {{verdict:" + id + "}}. ";
      ++turn;
    }
    text += impact();
    return text;
  }

  std::string impact() const {
    std::set<std::string> verdicts;
    for (const auto* claim : claims_) verdicts.insert(text_of(*claim, "verdict"));
    std::string text = "Effects smaller than {{template.smallest_effect}} were declared beforehand to be too small to act on. ";
    bool worth = false;  // a supported effect whose estimate reaches what was declared worth acting on
    for (const auto* claim : claims_)
      worth |= text_of(*claim, "verdict") == "supported" && std::abs(number_of(object_at(*claim, "evidence.contrast"), "mean")) >= number_of(*claim, "smallest_effect");
    if (worth) text += "At this amount of data a practitioner can act on what was supported. ";
    else if (verdicts.count("supported")) text += "What was supported is an effect in the predicted direction whose estimate lies below that size, so it is real rather than useful. ";
    else text += "No claim gives a practitioner with as little data a reason to prefer one arm, and that is reported with the same care as a gain would have been. ";
    return text + "Every number is printed from the raw records of the study and can be recomputed.";
  }

  json::object introduction() const {
    json::array blocks;
    blocks.push_back(paragraph("The question of this study was put in these words: \u201c" + quoted_question() + "\u201d " + "It was read as a question about the " + factor_ + ", measured by the " + metric_ +
                               " on images that took no part in training" + (setting().empty() ? "." : ", with " + setting() + ".")));
    std::string why = "Comparisons of training recipes are easily misled.";
    if (has("bouthillier2021variance")) why += " Data sampling, initialisation and order all move a score, and several of them have to be varied together before one recipe can be called better than another {{cite:bouthillier2021variance}}.";
    if (has("picard2021seeds")) why += " A lucky seed is not hard to find even where the spread over seeds is modest {{cite:picard2021seeds}}.";
    why += " With few training images the spread is wider still, and this is where advice is wanted most.";
    blocks.push_back(paragraph(why));
    blocks.push_back(paragraph("This paper contributes"));
    json::array items;
    items.emplace_back("a blocked experiment on the " + factor_ + " in which arms differ in nothing but the level compared;");
    items.emplace_back("a search over hypotheses that is reported whole, with every branch that was tried and its outcome;");
    items.emplace_back(std::string{claims_.size() == 1 ? "a claim that was" : "claims that were"} + " fixed before confirmation and judged by an interval against a smallest effect of interest, so that a null result is a result;");
    items.emplace_back("the code, raw records and a verification that recomputes each printed number.");
    blocks.push_back(json::object{{"type", "list"}, {"items", std::move(items)}});
    return section("introduction", "Introduction", std::move(blocks));
  }

  // The question may hold digits and control characters; printed words come from the record as they are, so only a clean one is quoted.
  std::string quoted_question() const {
    const std::string question = text_of(study_, "question");
    if (question.size() > 400 || has_digit(question) || question.find("{{") != std::string::npos) return without_stop(capitalised(text_of(scope_, "restated", factor_))) + ".";
    return question;
  }

  bool has(const std::string& key) const { return record(key) != nullptr; }

  const json::object* record(const std::string& key) const {
    for (const auto* one : objects_of(study_, "literature"))
      if (text_of(*one, "key") == key && !array_of(*one, "statements").empty()) return one;
    return nullptr;
  }

  // A statement without digits, ready to be printed.
  static std::string statement_of(const json::object& one) {
    for (const auto& value : array_of(one, "statements"))
      if (value.is_string() && !has_digit(value.get_string().c_str())) return value.get_string().c_str();
    return {};
  }

  json::object related_work() const {
    json::array blocks;
    std::set<std::string> used;
    for (const auto& theme : kThemes) {
      if (!relevant(theme.tag)) continue;
      std::string text = theme.opening;
      int count = 0;
      for (const auto* one : objects_of(study_, "literature")) {
        const std::string key = text_of(*one, "key"), statement = statement_of(*one);
        if (statement.empty() || used.count(key) || !has_theme(*one, theme.tag) || count == 5) continue;
        used.insert(key);
        ++count;
        text += " " + without_stop(statement) + " {{cite:" + key + "}}.";
      }
      if (count > 0) blocks.push_back(paragraph(text));
    }
    return section("related", "Related work", std::move(blocks));
  }

  bool relevant(const std::string& tag) const {
    if (tag == "vision transformer") {
      const auto* model = find_member(object_of(scope_, "context"), "model");
      return model && level_name(*model) == "vit";
    }
    if (tag == "evaluation" || tag == "automated research") return true;
    std::string factor = text_of(scope_, "factor");
    std::replace(factor.begin(), factor.end(), '_', ' ');
    if (factor == tag) return true;
    for (const auto* node : nodes_) {  // a factor that the search turned to
      std::string other = text_of(object_of(*node, "hypothesis"), "factor");
      std::replace(other.begin(), other.end(), '_', ' ');
      if (other == tag) return true;
    }
    return false;
  }

  static bool has_theme(const json::object& one, const std::string& tag) {
    const auto& themes = array_of(one, "themes");
    return std::any_of(themes.begin(), themes.end(), [&](const json::value& theme) { return theme.is_string() && theme.get_string() == tag; });
  }

  json::object method() const {
    json::array blocks;
    std::string data = "The data are small grey images of handwritten digits in {{template.classes}} classes, {{template.images}} images in all" + std::string{has("alpaydin1998optical") ? " {{cite:alpaydin1998optical}}" : ""} +
                       ". They were divided once, by a hash of their content, into {{template.train}} images to train on, {{template.validation}} for the scores of the search and {{template.confirmation}} for confirmation; equal images never lie on two sides. "
                       "A network never sees the labels it is scored against: it hands in predictions, and the host compares them with labels kept outside its sandbox.";
    blocks.push_back(paragraph(data));
    if (const auto* model = find_member(object_of(scope_, "context"), "model"); model && level_name(*model) == "vit") {
      blocks.push_back(paragraph("The network is a Vision Transformer" + std::string{has("dosovitskiy2020vit") ? " {{cite:dosovitskiy2020vit}}" : ""} +
                                 " that cuts an image into {{template.tokens}} patches and has {{config.depth}} layers of width {{config.width}} with {{template.heads}} attention heads."));
    }
    blocks.push_back(paragraph("Every network trains for {{template.steps}} optimiser steps with batches of {{config.batch_size}} images, a peak learning rate of {{config.learning_rate}} after {{template.warm_up_steps}} steps of warm-up, and decoupled weight decay of {{config.weight_decay}}" +
                               std::string{has("loshchilov2017adamw") ? " {{cite:loshchilov2017adamw}}" : ""} + ". Unless an experiment varies them, networks use {{config.train_size}} training images and the factor levels named here" +
                               std::string{has("paszke2019pytorch") ? "; the code is written with PyTorch {{cite:paszke2019pytorch}}" : ""} + ". No arm was tuned: all share one recipe, so none had a larger tuning budget than another."));
    return section("method", "Method", std::move(blocks));
  }

  json::object protocol() const {
    json::array blocks;
    blocks.push_back(paragraph("The unit of all analysis is a block. One seed fixes the training subset, the initialisation and the order of batches, and every arm runs in it; what is analysed is the difference between arms inside a block, so that whatever the seed does to all arms alike cancels. "
                               "A replicate is a new block, never a repeated run."));
    blocks.push_back(paragraph("In the search each hypothesis got at least {{study.least_blocks}} blocks, scored on the validation images. Its results steer the search through a shrunken probability that the effect exceeds {{template.smallest_effect}} in either direction; its p-values are printed for orientation, for {{study.comparisons}} comparisons in all, and decide nothing."));
    blocks.push_back(paragraph("Confirmation came after the claims were locked: hypothesis, direction, plan and number of blocks were hashed before the first confirmation run. The number of blocks follows from the power to detect the smallest effect of interest with the spread that the search had seen, at least {{protocol.least_confirmation_blocks}}. "
                               "Each claim was tried once, on new seeds and on the confirmation images, and never pooled with data of the search."));
    std::string rule = "A verdict is read off the confidence interval of the paired t test alone, at the level that Holm's steps leave the claim" + std::string{has("holm1979") ? " {{cite:holm1979}}" : ""} +
                       ", family-wise {{protocol.alpha}}. In the predicted direction, a claim is refuted when the upper limit stays below the smallest effect of interest, and equivalent when the lower limit also stays above its negative" +
                       std::string{has("lakens2017equivalence") ? " {{cite:lakens2017equivalence}}" : ""} + "; otherwise it is supported when the lower limit lies above zero, and inconclusive when it does not. The absence of significance alone refutes nothing.";
    blocks.push_back(paragraph(rule));
    return section("protocol", "Experimental protocol", std::move(blocks));
  }

  json::object results() const {
    json::array blocks;
    blocks.push_back(paragraph(std::string{"The search tried {{study.hypotheses}} hypotheses in {{study.experiments}} experiments"} + (number_of(object_of(study_, "counts"), "failed") > 0 ? ", of which {{study.failed}} gave no evidence" : "") + ". {{table:search}} lists each with its contrast, none of which is to be read as established."));
    blocks.push_back(search_table("search"));
    if (const std::string id = figure("forest"); !id.empty()) {
      blocks.push_back(paragraph("{{figure:" + id + "}} shows the same contrasts beside those of the confirmation" + std::string{any_interaction() ? "; interactions are measured on another scale and appear in the tables only" : ""} + "."));
      blocks.push_back(json::object{{"type", "figure"}, {"id", id}});
    }
    if (const std::string id = figure("sizes"); !id.empty()) {
      blocks.push_back(paragraph("How the arms fared over the number of training images is drawn in {{figure:" + id + "}}, from the experiments of the search."));
      blocks.push_back(json::object{{"type", "figure"}, {"id", id}});
    }
    blocks.push_back(paragraph(claims_.size() == 1 ? "One claim went to confirmation; {{table:claims}} gives its outcome." : "Confirmation took {{study.claims}} claims and {{study.confirmation_trials}} further training runs; {{table:claims}} gives the outcomes."));
    blocks.push_back(claims_table());
    std::size_t turn = 0;
    for (const auto* claim : claims_) {
      const std::string id = text_of(*claim, "id");
      blocks.push_back(paragraph("Claim {{" + id + ".name}}: " + without_stop(text_of(*claim, "statement")) + ". " + capitalised(result_sentence(study_, *claim, turn)) + " " + verdict_sentence(study_, *claim, turn) +
                                 (object_of(*claim, "evidence").empty() ? "" : p_sentence(id, turn))));
      ++turn;
    }
    for (const char* kind : {"paired", "arms"}) {
      const std::string id = figure(kind);
      if (id.empty()) continue;
      blocks.push_back(paragraph("{{figure:" + id + "}} takes the first claim apart, block by block."));
      blocks.push_back(json::object{{"type", "figure"}, {"id", id}});
    }
    return section("results", "Results", std::move(blocks));
  }

  static std::string p_sentence(const std::string& id, std::size_t turn) {
    switch (turn % 3) {
      case 0: return " The paired t test gives a p-value of {{" + id + ".contrast.p}}, {{" + id + ".holm_p}} after Holm's adjustment; the sign-flip test gives {{" + id + ".contrast.sign_flip_p}}.";
      case 1: return " Its adjusted p-value is {{" + id + ".holm_p}}; flipping the signs of the block differences in every way puts it at {{" + id + ".contrast.sign_flip_p}}.";
      default: return " Adjusted p: {{" + id + ".holm_p}}; by sign flips: {{" + id + ".contrast.sign_flip_p}}.";
    }
  }

  bool any_interaction() const {
    return std::any_of(nodes_.begin(), nodes_.end(), [](const json::object* node) { return is_interaction(object_of(*node, "hypothesis")); });
  }

  json::object search_table(const std::string& id) const {
    json::array rows;
    for (const auto* node : nodes_) {
      const std::string name = text_of(*node, "id");
      const auto& evidence = object_of(*node, "evidence");
      const std::string what = capitalised(comparison_of(study_, object_of(*node, "hypothesis")));
      if (evidence.empty()) rows.push_back(json::array{"{{" + name + ".name}}", what, "\u2013", "failed", "\u2013", "\u2013"});
      else rows.push_back(json::array{"{{" + name + ".name}}", what, "{{" + name + ".n}}", "{{value:" + name + ".contrast.mean|short}}", "{{value:" + name + ".contrast.lower|short}} to {{value:" + name + ".contrast.upper|short}}", "{{" + name + ".score}}"});
    }
    return {{"type", "table"}, {"id", id}, {"caption", "The search, exploratory. Contrasts in " + metric_ + ", in percentage points, over blocks with {{protocol.confidence}} t intervals, uncorrected" +
                                                          std::string{any_interaction() ? "; interactions in log odds instead" : ""} + "; the last column is what the node was worth to the search."},
            {"columns", json::array{"Node", "Contrast", "Blocks", "Estimate", "Interval", "Worth"}}, {"rows", std::move(rows)}};
  }

  json::object claims_table() const {
    json::array rows;
    for (const auto* claim : claims_) {
      const std::string id = text_of(*claim, "id");
      const std::string what = capitalised(comparison_of(study_, object_of(*claim, "hypothesis")));
      if (object_of(*claim, "evidence").empty()) rows.push_back(json::array{"{{" + id + ".name}}", what, "\u2013", "\u2013", "\u2013", "\u2013", "{{verdict:" + id + "}}"});
      else rows.push_back(json::array{"{{" + id + ".name}}", what, "{{" + id + ".n}}", "{{value:" + id + ".contrast.mean|short}}", "{{value:" + id + ".contrast.lower|short}} to {{value:" + id + ".contrast.upper|short}}", "{{" + id + ".holm_p}}", "{{verdict:" + id + "}}"});
    }
    return {{"type", "table"}, {"id", "claims"}, {"caption", std::string{"Confirmation on fresh seeds and the confirmation images: estimates in percentage points"} + (any_interaction() ? ", interactions in log odds" : "") + ", intervals at the level of Holm's steps, adjusted p-values, verdicts."},
            {"columns", json::array{"Claim", "Contrast", "Blocks", "Estimate", "Corrected interval", "Adjusted p", "Verdict"}}, {"rows", std::move(rows)}};
  }

  std::string figure(const std::string& kind) const {
    for (const auto* one : objects_of(study_, "figures"))
      if (text_of(*one, "kind") == kind) return text_of(*one, "id");
    return {};
  }

  json::object discussion() const {
    json::array blocks;
    std::string text;
    std::size_t turn = 0;
    for (const auto* claim : claims_) {
      if (object_of(*claim, "evidence").empty()) continue;
      text += (text.empty() ? "" : " ") + reading(*claim, turn++);
    }
    if (!text.empty()) blocks.push_back(paragraph(text));
    for (const auto* finding : objects_of(study_, "findings"))
      if (text_of(*finding, "kind") != "claim") blocks.push_back(paragraph(text_of(*finding, "text") + (text_of(*finding, "kind") == "exploratory" ? " It was chosen after looking, and needs a confirmation of its own." : "")));
    if (const std::string id = figure("curves"); !id.empty()) {
      blocks.push_back(paragraph("{{figure:" + id + "}} follows the training loss of the first claim's arms: a difference there would point to optimisation, its absence to generalisation, as the place where the arms part."));
      blocks.push_back(json::object{{"type", "figure"}, {"id", id}});
    }
    if (const std::string rationale = literature_reading(); !rationale.empty()) blocks.push_back(paragraph(rationale));
    if (blocks.empty()) blocks.push_back(paragraph("No confirmed contrast is available to discuss."));
    return section("discussion", "Analysis and discussion", std::move(blocks));
  }

  static std::string reading(const json::object& claim, std::size_t turn) {
    const std::string id = text_of(claim, "id"), verdict = text_of(claim, "verdict"), size = "{{value:" + id + ".contrast.mean|abs}}";
    const bool inter = is_interaction(object_of(claim, "hypothesis"));
    const std::string unit = inter ? " on the logit scale" : "";
    if (verdict == "supported" && turn % 2 == 1) return "With claim {{" + id + ".name}} the direction was right as well; " + size + unit + " is what a repetition should expect.";
    if (verdict == "supported") return "Claim {{" + id + ".name}} held up when it was tested again from scratch; its size, " + size + unit + ", is the estimate to plan with, not the larger or smaller one that the search happened to see.";
    if (verdict == "equivalent") return "For claim {{" + id + ".name}} the data speak against any difference of note: " + size + unit + " was observed, and both limits lie inside the band that was declared negligible.";
    if (verdict == "refuted") return "Claim {{" + id + ".name}} predicted a direction that the data do not bear out; what was observed is " + size + unit + ", {{direction:" + id + ".contrast.mean|in favour of the first arm|in favour of the second arm}}, and an effect of the predicted kind that would matter is ruled out.";
    return turn % 2 == 0 ? "Claim {{" + id + ".name}} remains open: " + size + unit + " was observed, yet the blocks at hand cannot tell it from nothing, nor from an effect worth having."
                         : "What claim {{" + id + ".name}} asks cannot be settled at this size; " + size + unit + " lies well within the reach of chance.";
  }

  std::string literature_reading() const {
    if (claims_.empty()) return {};
    const auto citations = objects_of(object_of(*claims_.front(), "hypothesis"), "citations");
    for (const auto* citation : citations) {
      const std::string key = text_of(*citation, "key");
      if (!record(key)) continue;
      const std::string verdict = text_of(*claims_.front(), "verdict");
      return "The first claim took its direction from earlier work {{cite:" + key + "}}. " +
             std::string{verdict == "supported" ? "Our result agrees with it in a setting with far less data." : verdict == "inconclusive" ? "Our result neither repeats nor contradicts it: the setting has far less data, and the interval is wide."
                                                                                                                                      : "That our result differs need not contradict it, since data, network and training time are far smaller here."};
    }
    return {};
  }

  json::object limitations() const {
    json::array items;
    items.emplace_back("One data set of small images was used; nothing here shows that the results carry over to natural images or larger networks.");
    items.emplace_back("All arms share one learning rate and one training length; an arm that would gain from another recipe is at a disadvantage that this design cannot see.");
    for (const auto* claim : claims_) {
      const std::string id = text_of(*claim, "id");
      if (object_of(*claim, "evidence").empty()) items.emplace_back("Claim {{" + id + ".name}} could not be tested: its confirmation failed.");
      else if (text_of(*claim, "verdict") == "inconclusive") items.emplace_back("Claim {{" + id + ".name}} had a planned power of {{" + id + ".power}} with {{" + id + ".n}} blocks; its interval from {{" + id + ".contrast.lower}} to {{" + id + ".contrast.upper}} is too wide to decide it.");
      else if (number_of(*claim, "power") < 0.8) items.emplace_back("For claim {{" + id + ".name}} the planned power was {{" + id + ".power}}, below the {{protocol.power}} that was aimed at.");
    }
    items.emplace_back("Intervals speak about new seeds of the same procedure on the same confirmation images; the sampling of those images is not part of them.");
    const auto& parts = array_of(study_, "not_assessed");
    if (!parts.empty()) {
      std::string names;
      for (const auto& part : parts) names += (names.empty() ? "" : ", ") + std::string{part.as_string().c_str()};
      items.emplace_back("The value that steered the search has parts that nobody could judge here (" + names + "); they were left out and the other weights scaled up.");
    }
    if (number_of(object_of(study_, "counts"), "failed") > 0) items.emplace_back("Some experiments failed ({{study.failed}}); what they would have shown is unknown.");
    return section("limitations", "Limitations", json::array{paragraph("The following bounds what may be concluded."), json::object{{"type", "list"}, {"items", std::move(items)}}});
  }

  json::object conclusion() const {
    std::map<std::string, int> counts;
    for (const auto* claim : claims_) ++counts[text_of(*claim, "verdict")];
    std::string text = "We asked about the " + factor_ + " and answered with " + (claims_.size() == 1 ? "one locked claim" : "{{study.claims}} locked claims") + ": ";
    std::string list;
    for (const auto* claim : claims_) {
      const std::string id = text_of(*claim, "id");
      list += (list.empty() ? "" : "; ") + comparison_of(study_, object_of(*claim, "hypothesis")) + " is {{verdict:" + id + "}}";
    }
    text += list + ". ";
    json::array blocks{paragraph(text + "The records behind this paper hold every branch that led here, including those that led nowhere.")};
    if (const auto& next = array_of(study_, "next"); !next.empty()) {
      json::array items;
      for (const auto& step : next)
        if (step.is_string() && !has_digit(step.get_string().c_str())) items.push_back(step);
      blocks.push_back(paragraph("What we would do next:"));
      blocks.push_back(json::object{{"type", "list"}, {"items", std::move(items)}});
    }
    return section("conclusion", "Conclusion", std::move(blocks));
  }

  json::object reproducibility() const {
    json::array blocks;
    blocks.push_back(paragraph("The study's seed is {{study.seed}}; every other seed is derived from it. The search was ended by its limit \u201c" + ended_by() + "\u201d after {{study.experiments}} experiments and {{study.trials}} trials; the confirmation added {{study.confirmation_trials}}. "
                               "Answers of the offline expert system, plans, raw results, statistics and verdicts are events of a hash-chained ledger. The command \u201caisci verify\u201d on the study's folder recomputes scores from predictions, evidence from scores, verdicts from evidence and this text from its model."));
    blocks.push_back(paragraph("No deviation from a plan was recorded. Standardised effects, with Hedges' correction and the spread of block contrasts as denominator: " + standardised() + " The smallest p-value that the sign-flip test of the first claim can reach is {{" + first_claim() + ".contrast.smallest_p}}."));
    blocks.push_back(branches());
    if (const std::string id = figure("tree"); !id.empty()) {
      blocks.push_back(paragraph("The order in which hypotheses grew out of one another is drawn in {{figure:" + id + "}}."));
      blocks.push_back(json::object{{"type", "figure"}, {"id", id}});
    }
    return section("reproducibility", "Reproducibility", std::move(blocks));
  }

  std::string ended_by() const {
    std::string text = text_of(study_, "ended_by", "none");
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
  }

  std::string first_claim() const {
    for (const auto* claim : claims_)
      if (!object_of(*claim, "evidence").empty()) return text_of(*claim, "id");
    return "c1";
  }

  std::string standardised() const {
    std::string text;
    for (const auto* claim : claims_) {
      if (object_of(*claim, "evidence").empty()) continue;
      const std::string id = text_of(*claim, "id");
      text += (text.empty() ? "" : ", ") + std::string{"{{"} + id + ".contrast.d}} for claim {{" + id + ".name}}";
    }
    return text + ".";
  }

  // Every branch with what it grew from and how it reads.
  json::object branches() const {
    json::array rows;
    for (const auto* node : nodes_) {
      const std::string name = text_of(*node, "id"), parent = text_of(*node, "parent");
      const auto& evidence = object_of(*node, "evidence");
      rows.push_back(json::array{"{{" + name + ".name}}", parent.empty() ? "question" : "{{" + parent + ".name}}", text_of(object_of(*node, "hypothesis"), "relation", "initial"),
                                 evidence.empty() ? "failed" : text_of(evidence, "reading"), evidence.empty() ? "\u2013" : "{{" + name + ".contrast.p}}", evidence.empty() ? "\u2013" : "{{" + name + ".contrast.sign_flip_p}}"});
    }
    return {{"type", "table"}, {"id", "branches"}, {"caption", "Every branch tried, what it grew from, and its exploratory p-values (paired t, sign flip), uncorrected."},
            {"columns", json::array{"Node", "Grew from", "Relation", "Reading", "p", "p by sign flips"}}, {"rows", std::move(rows)}};
  }

  // Each cited record with the statement that stands behind the citation.
  json::array citations() const {
    json::array out;
    for (const auto* one : objects_of(study_, "literature")) {
      const std::string statement = statement_of(*one);
      const auto& statements = array_of(*one, "statements");
      const std::string support = statement.empty() && !statements.empty() && statements[0].is_string() ? statements[0].get_string().c_str() : statement;
      if (!support.empty()) out.push_back(json::object{{"key", text_of(*one, "key")}, {"support", support}});
    }
    return out;
  }

  const json::object& study_;
  const json::object& manifest_;
  const json::object& scope_;
  std::vector<const json::object*> claims_, nodes_;
  std::string factor_, metric_;
};

// What a text change adds for a kind of point.
std::string added_limitation(const json::object& point) {
  const std::string text = without_stop(text_of(point, "text"));
  return has_digit(text) ? std::string{} : "A reviewer noted: " + text + ".";
}

}  // namespace

json::object writing_paper(const json::object& input) { return Author{input}.run(); }

json::object writing_revise(const json::object& input) {
  json::object paper = object_of(input, "paper");
  json::array responses, conceded;
  for (const auto* point : objects_of(input, "points")) {
    const std::string id = text_of(*point, "id"), kind = text_of(*point, "kind"), addition = added_limitation(*point);
    if (addition.empty()) {
      responses.push_back(json::object{{"point", id}, {"action", "concession"}, {"text", "We agree and cannot mend it within this study; the limitations name what bounds the conclusions."}});
      continue;
    }
    conceded.push_back(json::string{addition});
    responses.push_back(json::object{{"point", id}, {"action", kind == "wording" || kind == "positioning" ? "text" : "concession"}, {"text", "The limitations now carry this point in the reviewer's words."}});
  }
  if (conceded.empty()) return {{"paper", std::move(paper)}, {"responses", std::move(responses)}};
  for (auto& value : paper["sections"].as_array()) {
    auto& part = value.as_object();
    if (text_of(part, "id") != "limitations") continue;
    part["blocks"].as_array().push_back(paragraph("Points of the reviews that this study cannot mend:"));
    part["blocks"].as_array().push_back(json::object{{"type", "list"}, {"items", std::move(conceded)}});
  }
  return {{"paper", std::move(paper)}, {"responses", std::move(responses)}};
}

}  // namespace aisci::offline
