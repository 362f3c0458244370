// What points of reviews are about, and how each topic is closed: by a change of text, an experiment that the study
// holds, or a concession. A point belongs to a topic by the rule that raised it, else by its words.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis_study.hpp"

namespace aisci::offline {

struct Closing {
  std::string action;    // text, experiment, concession
  std::string section;   // where the sentence goes; "" for the limitations
  std::string sentence;  // "" when the paper says it already
  std::string response;
  std::string beside_run{};  // the response where the run that answers a point is told of with it, if that needs less
};

struct Topic {
  std::vector<std::string> rules;                         // of docs/guide/review.md
  std::vector<std::string> words;                         // folded; a point that has one is on the topic
  std::function<bool(const Study&, const Entry&)> holds;  // for entries that its words name; empty: always
  std::function<Closing(const Study&, const std::string& names)>
      close;  // `names`: the entries, "{{c1.name}} and {{c2.name}}"
};

std::vector<Topic> revision_topics();

}  // namespace aisci::offline
