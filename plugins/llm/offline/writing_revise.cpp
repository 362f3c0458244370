// Revision: every point of the meta-review is closed by a change of text, by an experiment that the study holds, or by
// a concession. Points on one topic share one sentence, which names the claims or nodes they are about.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"
#include "template_words.hpp"
#include "writing.hpp"
#include "writing_author.hpp"
#include "writing_topics.hpp"

namespace aisci::offline {
namespace {

json::object* section_named(json::object& paper, const std::string& id, const char* part = "sections") {
  if (!paper.contains(part)) return nullptr;
  for (auto& value : paper[part].as_array())
    if (value.is_object() && text_of(value.get_object(), "id").find(id) == 0) return &value.get_object();
  return nullptr;
}

// To the list of the limitations, or as a paragraph at a section's end; a paper without that section gets one.
void add_sentence(json::object& paper, const std::string& id, const std::string& sentence) {
  json::object* found = section_named(paper, id.empty() ? "limit" : id);
  if (!found) found = section_named(paper, "limit");
  if (!found) {
    auto& sections = paper["sections"].as_array();
    sections.push_back(section("limitations", "Limitations", {}));
    found = &sections.back().as_object();
  }
  auto& blocks = (*found)["blocks"].as_array();
  if (id.empty())
    for (auto& block : blocks)
      if (block.is_object() && text_of(block.get_object(), "type") == "list") {
        block.get_object()["items"].as_array().emplace_back(sentence);
        return;
      }
  // Prose goes on where it stopped, but for the results, whose last paragraph is a claim's own.
  if (id != "results" && !blocks.empty() && blocks.back().is_object() &&
      text_of(blocks.back().get_object(), "type") == "paragraph") {
    blocks.back().get_object()["text"] = text_of(blocks.back().get_object(), "text") + " " + sentence;
    return;
  }
  blocks.push_back(paragraph(sentence));
}

// What the reading of a late node says of the claim that it was asked about.
std::string beside_its_claim(const Study& study, const Entry& node) {
  const Entry* claim = study.claim_on(node.parent);
  if (!claim || !claim->known || !node.same_pair(*claim)) return {};
  const bool agrees = (claim->supported() && node.lean == Lean::kAsPredicted) ||
                      (claim->verdict == "equivalent" && node.lean == Lean::kNull);
  if (agrees) return ", which agrees with " + study.name(*claim);
  if (claim->verdict != "supported" && claim->verdict != "equivalent") return {};
  return node.lean == Lean::kOpen ? ". Whether " + study.name(*claim) + " holds there is not known"
                                  : ", unlike what " + study.name(*claim) + " found in its own setting";
}

// What nodes with evidence that were run late came to.
std::string late_readings(const Study& study) {
  std::string text;
  for (const auto& node : study.nodes()) {
    if (!node.late || !node.known) continue;
    const std::string setting = study.peculiarity(node, true);
    text +=
        " In " + study.name(node) + (setting.empty() ? "" : " (" + setting + ")") + ", " +
        (node.interaction ? "the interaction of " + study.sides(node, " against ")
                          : study.difference(node, " minus ")) +
        " came to " + study.value(node, "contrast.mean") + (node.logit ? " in log odds" : "") + " (" +
        study.bare(node, "contrast.lower") + " to " + study.bare(node, "contrast.upper") + "); the node " +
        reads_as(reading_of(node)) +
        (node.lean == Lean::kNull && past_both_limits(node) ? ", though its interval reaches past the limit both ways"
                                                            : "") +
        beside_its_claim(study, node) + ".";
  }
  return text;
}

// What reviewers asked by it, as its hypothesis shows: " (whether the result holds with another architecture)"; ""
// where nodes do not depart from the usual setting in one thing each.
std::string asked_by_reviewers(const Study& study) {
  const std::string tuning = factor_with_role(study.manifest(), "tuning");
  std::vector<std::string> points;
  for (const auto& node : study.nodes()) {
    if (!node.late) continue;
    const auto departing = study.departing(node);
    if (departing.size() != 1) return {};
    const std::string title = text_of(factor_in(study.manifest(), departing.front()), "title", departing.front());
    const std::string point = departing.front() == tuning
                                  ? "whether the " + title + ", which was not tuned, suits one arm alone"
                                  : "whether the result holds with another " + title;
    if (has_digit(title)) return {};
    if (std::find(points.begin(), points.end(), point) == points.end()) points.push_back(point);
  }
  return points.empty() ? std::string{} : " (" + listed(points, "; ", "; ") + ")";
}

// The node of an experiment that a reviewer asked for stands in the search's tables: the text says that it came
// afterwards.
void tell_late(const Study& study, json::object& paper) {
  const auto late = late_nodes(study);
  if (late.empty()) return;
  const bool one = late.size() == 1;
  const std::string nodes = (one ? "Node " : "Nodes ") + listed(late) + (one ? " was" : " were"),
                    it = one ? "it" : "them";
  add_sentence(paper, "results",
               nodes + " run for " + (one ? "a point" : "points") + " of aisci's automated reviewers of the draft" +
                   asked_by_reviewers(study) +
                   ", when the confirmation was over, with "
                   "{{study.late_trials}} trials more, and no claim was chosen by " +
                   it + "." + late_readings(study));
  if (json::object* end = section_named(paper, "reproducibility", "appendix"))
    add_deviation((*end)["blocks"].as_array(), nodes + " not planned: " + (one ? "a point" : "points") +
                                                   " of the automated review prompted " + it +
                                                   " after the confirmation.");
}

// A topic's words, with what this template calls the thing they are about.
std::vector<std::string> words_on(const Study& study, const Topic& topic) {
  std::vector<std::string> words = topic.words;
  for (const auto& [rule, role] : {std::pair{"rate", "tuning"}, std::pair{"architecture", "model"}})
    if (contains(topic.rules, rule))
      if (const std::string title =
              text_of(factor_in(study.manifest(), factor_with_role(study.manifest(), role)), "title");
          !title.empty())
        words.push_back(fold(title));
  return words;
}

// The limitation that speaks of the topic already, and of all the entries that the points are about; "" when there is
// none. What is granted there is not granted twice.
std::string granted(const Study& study, const json::object& paper, const Topic& topic,
                    const std::vector<std::string>& names) {
  const auto words = words_on(study, topic);
  json::object copy = paper;
  const json::object* limits = section_named(copy, "limit");
  if (!limits) return {};
  for (const auto* block : objects_of(*limits, "blocks"))
    for (const auto& item : texts_of(*block, "items"))
      if (std::any_of(words.begin(), words.end(),
                      [&](const std::string& word) { return has_word(fold(item), word); }) &&
          (!topic.holds || std::all_of(names.begin(), names.end(),
                                       [&](const std::string& name) { return item.find(name) != std::string::npos; })))
        return item;
  return {};
}

// The sentence of a limitation that has one of the words, as a quotation.
std::string quoted(const std::string& limitation, const std::vector<std::string>& words) {
  std::string rest = limitation;
  for (std::size_t end; !rest.empty(); rest = end == std::string::npos ? "" : rest.substr(end + 2)) {
    end = rest.find(". ");
    const std::string sentence = rest.substr(0, end == std::string::npos ? end : end + 1), folded = fold(sentence);
    if (std::any_of(words.begin(), words.end(), [&](const std::string& word) { return has_word(folded, word); }))
      return " \u201c" + sentence + "\u201d";
  }
  return {};
}

const Entry* entry_named(const Study& study, const std::string& id) {
  for (const auto* list : {&study.claims(), &study.nodes()})
    for (const auto& entry : *list)
      if (entry.id == id) return &entry;
  return nullptr;
}

std::string subjects(const std::vector<std::string>& names) {
  if (names.empty()) return "the study as a whole";
  return names.size() > 4 ? "several claims and nodes" : listed(names);
}

// The topic that a point's rule belongs to, else the first whose words it has.
const Topic* topic_of(const Study& study, const std::vector<Topic>& topics, const json::object& point,
                      const Entry* entry) {
  const std::string folded = fold(text_of(point, "text")), rule = text_of(point, "rule");
  for (const auto& topic : topics)
    if (!rule.empty() && contains(topic.rules, rule)) return &topic;
  for (const auto& topic : topics) {
    const bool named = std::any_of(topic.words.begin(), topic.words.end(),
                                   [&](const std::string& word) { return has_word(folded, word); });
    if (named && (!topic.holds || (entry && topic.holds(study, *entry)))) return &topic;
  }
  return nullptr;
}

// Takes out of the paper every sentence that the rules of the points object to; the answer is how many went, by rule.
class Strike {
 public:
  Strike(const json::object& input, json::object& paper) : study_{input}, paper_{paper} {
    study_.erase("paper");
    for (const auto* point : objects_of(input, "points"))
      if (text_of(*point, "kind") != "experiment" || text_of(*point, "weight") != "minor")
        rules_.insert(text_of(*point, "rule"));
  }

  std::map<std::string, int> run() {
    for (const char* rule : {"abstract-selective", "exploratory-unmarked", "counts-differ", ""}) rules_.erase(rule);
    if (rules_.empty()) return {};
    paper_["abstract"] = kept("abstract", text_of(paper_, "abstract"));
    for (const char* part : {"sections", "appendix"})
      if (auto* sections = paper_.if_contains(part); sections && sections->is_array())
        for (auto& value : sections->get_array())
          if (value.is_object()) strike(value.get_object());
    return struck_;
  }

 private:
  void strike(json::object& section) {
    const std::string id = text_of(section, "id");
    auto* blocks = section.if_contains("blocks");
    if (!blocks || !blocks->is_array()) return;
    json::array left;
    for (auto& value : blocks->get_array()) {
      if (!value.is_object()) continue;
      auto& block = value.get_object();
      if (has(block, "text")) {
        block["text"] = kept(id, text_of(block, "text"));
        if (text_of(block, "text").empty()) continue;
      }
      if (has(block, "items")) {
        json::array items;
        for (const auto& item : texts_of(block, "items"))
          if (const std::string text = kept(id, item); !text.empty()) items.emplace_back(text);
        if (items.empty()) continue;
        block["items"] = std::move(items);
      }
      left.push_back(std::move(value));
    }
    if (!left.empty()) *blocks = std::move(left);
  }

  std::string kept(const std::string& place, const std::string& text) {
    study_["paper"] = json::object{{"abstract", text}};
    std::string out;
    for (const auto& sentence : sentences_of(study_)) {
      if (sentence.place != "abstract") continue;  // captions of figures
      out += objectionable(place, sentence.raw) ? "" : sentence.raw;
    }
    while (!out.empty() && out.front() == ' ') out.erase(0, 1);
    return out;
  }

  bool objectionable(const std::string& place, const std::string& sentence) {
    json::object alone{{"title", ""}};
    if (place == "abstract")
      alone["abstract"] = sentence;
    else
      alone["sections"] = json::array{section(place, "", json::array{paragraph(sentence)})};
    json::value whole = std::exchange(study_["paper"], std::move(alone));
    json::value figures = std::exchange(study_["figures"], json::array{});
    std::vector<Weakness> found;
    examine_words(study_, found);
    study_["paper"] = std::move(whole);
    study_["figures"] = std::move(figures);
    for (const auto& weakness : found)
      if (rules_.count(weakness.rule) > 0) {
        ++struck_[weakness.rule];
        return true;
      }
    return false;
  }

  json::object study_;
  json::object& paper_;
  std::set<std::string> rules_;
  std::map<std::string, int> struck_;
};

// The node that was run for a point; "" when none was.
std::string run_for(const json::object& input, const std::string& point) {
  for (const auto* answer : objects_of(input, "answers"))
    if (text_of(*answer, "point") == point) return text_of(*answer, "node");
  return {};
}

}  // namespace

json::object writing_revise(const json::object& input) {
  const Study study{input};
  json::object paper = object_of(input, "paper");
  if (!paper["sections"].is_array()) paper["sections"] = json::array{};
  const auto struck = Strike{input, paper}.run();
  const std::vector<Topic> topics = revision_topics();
  const Topic rest{{}, {}, {}, [](const Study&, const std::string& names) {
                     return Closing{
                         "concession", "",
                         "Reviewers raised further points on " + names +
                             ", printed with their answers beside the paper, which the evidence at hand cannot settle.",
                         "Conceded: the evidence at hand cannot settle this, and the limitations now say so."};
                   }};

  std::map<const Topic*, std::vector<std::string>> names;
  std::vector<const Topic*> order, chosen;
  for (const auto* point : objects_of(input, "points")) {
    if (struck.count(text_of(*point, "rule")) > 0) {  // what was objected to is gone
      chosen.push_back(nullptr);
      continue;
    }
    const Entry* entry = entry_named(study, text_of(*point, "entry"));
    const Topic* topic = topic_of(study, topics, *point, entry);
    if (!topic) topic = &rest;
    auto& listed_names = names[topic];
    if (std::find(order.begin(), order.end(), topic) == order.end()) order.push_back(topic);
    if (entry && !contains(listed_names, study.name(*entry))) listed_names.push_back(study.name(*entry));
    chosen.push_back(topic);
  }
  std::map<const Topic*, Closing> closings;
  for (const Topic* topic : order) {
    Closing closing = topic->close(study, subjects(names[topic]));
    if (const std::string limitation =
            closing.section.empty() ? granted(study, paper, *topic, names[topic]) : std::string{};
        !limitation.empty()) {
      closing.action = "concession";
      closing.response = "Conceded; the limitations said so already:" + quoted(limitation, words_on(study, *topic));
    } else if (!closing.sentence.empty()) {
      add_sentence(paper, closing.section, closing.sentence);
    }
    closings[topic] = std::move(closing);
  }
  json::array responses;
  std::size_t index = 0;
  for (const auto* point : objects_of(input, "points")) {
    const Topic* topic = chosen[index++];
    const std::string node = run_for(input, text_of(*point, "id"));
    json::object response{{"point", text_of(*point, "id")}};
    if (!topic) {
      response["action"] = "text";
      response["text"] =
          "The sentence that this is about went further than the evidence and was taken out; what is left there says "
          "no more than the "
          "intervals do.";
    } else {
      const Closing& closing = closings[topic];
      // What changes nothing is no change of the text.
      response["action"] = closing.action == "text" && closing.sentence.empty() ? "answer" : closing.action;
      response["text"] = node.empty() || closing.beside_run.empty() ? closing.response : closing.beside_run;
    }
    if (!node.empty()) {
      if (text_of(response, "action") != "experiment")
        response["text"] = "An experiment was run for this point. " + text_of(response, "text");
      response["action"] = "experiment";
      response["node"] = node;
    }
    responses.push_back(std::move(response));
  }
  tell_late(study, paper);
  return {{"paper", std::move(paper)}, {"responses", std::move(responses)}};
}

}  // namespace aisci::offline
