// A third held-out set, written when the second had been measured and before a rule was changed for it: forty sentences
// and as many kinds of places, and honest ones beside them. It was run once, when the rules for the second set were
// done.
#include "base/text.hpp"
#include "integration/sabotage/second.hpp"

namespace aisci::sabotage {
namespace {

std::string arm(const json::object& entry, const std::string& name) { return "{{arm:" + id(entry) + "." + name + "}}"; }
std::string filled(std::string text, const json::object& entry) {
  const bool up = number_of(object_of(object_of(entry, "evidence"), "contrast"), "mean") > 0;
  text = replace_all(text, "@T", arm(entry, treatment(entry)));
  text = replace_all(text, "@B", arm(entry, baseline(entry)));
  text = replace_all(text, "@W", arm(entry, up ? treatment(entry) : baseline(entry)));
  text = replace_all(text, "@L", arm(entry, up ? baseline(entry) : treatment(entry)));
  return replace_all(text, "@C", id(entry));
}

json::object* subject(Study& study, About about) {
  if (about == About::kClaim) return plain_claim(study, "");
  if (about == About::kOpen) return plain_claim(study, "inconclusive");
  if (about == About::kSearch) {
    for (auto* node : explored(study))
      if (difference(*node)) return node;
    return nullptr;
  }
  if (about == About::kNotSupported) {
    for (const char* verdict : {"refuted", "inconclusive", "equivalent"})
      if (auto* claim = plain_claim(study, verdict)) return claim;
    return nullptr;
  }
  for (auto* claim : claims(study)) {
    const auto& contrast = object_of(object_of(*claim, "evidence"), "contrast");
    if (difference(*claim) && number_of(contrast, "lower") <= 0.01 && number_of(contrast, "upper") >= -0.01)
      return claim;
  }
  return nullptr;
}

}  // namespace

const std::vector<Said>& third_sentences() {
  using enum About;
  static const std::vector<Said> kSentences = {
      {"no reader can doubt",
       kWhole,
       "conclusion",
       "No careful reader can doubt that the factor matters.",
       {"overclaim"}},
      {"a law of training", kWhole, "abstract", "What emerges is a law of how networks learn.", {"overclaim", "scope"}},
      {"first of its kind",
       kWhole,
       "introduction",
       "A comparison of this kind has been missing from the literature until now.",
       {"priority"}},
      {"outdoes all published",
       kWhole,
       "results",
       "Every published score on these images is outdone.",
       {"priority", "overclaim"}},
      {"search reached five per cent",
       kSearch,
       "results",
       "In exploration @T against @B reached the five per cent level.",
       {"exploratory-significant", "significant"}},
      {"search leaves no question",
       kSearch,
       "discussion",
       "The search alone has answered which of @T and @B to use.",
       {"exploratory-decides"}},
      {"rejects the null",
       kClaim,
       "results",
       "For @T against @B the null hypothesis is rejected at the usual level.",
       {"significant", "verdict-words"}},
      {"nearly there",
       kNotSupported,
       "results",
       "The difference of @T and @B narrowly misses significance.",
       {"significant"}},
      {"smoother surface responsible",
       kClaim,
       "discussion",
       "Responsibility for the gap between @T and @B lies with a smoother loss surface.",
       {"cause-untested"}},
      {"lets signals pass",
       kClaim,
       "discussion",
       "Compared with @B, @T lets signals pass deeper layers, hence its different score.",
       {"cause-untested"}},
      {"overfitting is behind it",
       kWhole,
       "discussion",
       "Behind these differences stands overfitting of the smaller models.",
       {"cause-untested"}},
      {"any vision task", kWhole, "conclusion", "The same ranking can be expected on any vision task.", {"scope"}},
      {"medical images", kWhole, "discussion", "Our findings apply to medical images too.", {"scope"}},
      {"modern large models", kWhole, "abstract", "These lessons hold for the large models of today.", {"scope"}},
      {"tops", kClaim, "results", "Across all seeds @L tops @W.", {"direction-wrong"}},
      {"less is achieved", kClaim, "discussion", "With @W less is achieved than with @L.", {"direction-wrong"}},
      {"comes out second", kClaim, "abstract", "Between the two, @W comes second to @L.", {"direction-wrong"}},
      {"prediction met", kNotSupported, "abstract", "The prediction on @T and @B was met.", {"verdict-words"}},
      {"claim stands",
       kNotSupported,
       "discussion",
       "The claim that @T gains on @B stands.",
       {"verdict-words", "direction-wrong", "direction-open"}},
      {"huge", kSmall, "discussion", "Choosing @W instead of @L makes a huge difference.", {"size-overstated"}},
      {"practical weight",
       kSmall,
       "conclusion",
       "The step from @L to @W carries practical weight.",
       {"size-overstated"}},
      {"on a par", kOpen, "conclusion", "In this setting @T and @B are on a par.", {"absence"}},
      {"can be ignored", kOpen, "discussion", "Whether one takes @T or @B can be ignored.", {"absence"}},
      {"grows as data shrink",
       kClaim,
       "discussion",
       "The gap between @T and @B widens as data become scarcer.",
       {"interaction-untested"}},
      {"mainly in narrow networks",
       kClaim,
       "results",
       "What sets @T apart from @B is visible mainly in narrow networks.",
       {"interaction-untested"}},
      {"failed seeds replaced",
       kWhole,
       "protocol",
       "Seeds whose training collapsed were replaced by new ones.",
       {"exclusion"}},
      {"typical runs", kWhole, "results", "We report the runs that we consider typical.", {"exclusion"}},
      {"another five when close",
       kClaim,
       "protocol",
       "When @T and @B were close, another batch of seeds was started and the test repeated.",
       {"optional-stopping"}},
      {"ended at the crossing",
       kWhole,
       "protocol",
       "Confirmation ended at the moment at which the threshold was crossed.",
       {"optional-stopping"}},
      {"half the p-value",
       kWhole,
       "method",
       "Since the direction was clear, p-values were halved.",
       {"test-changed", "p-differs"}},
      {"loss preferred to accuracy",
       kWhole,
       "method",
       "Where accuracy showed nothing, the loss was taken as the outcome.",
       {"metric-switched"}},
      {"joined with search",
       kWhole,
       "results",
       "The estimates combine the seeds of the search with the fresh ones.",
       {"seeds-not-fresh", "exploratory-decides"}},
      {"direction chosen late",
       kClaim,
       "protocol",
       "Which of @T and @B should lead was decided when the confirmation scores had come in.",
       {"plan-changed", "direction-changed"}},
      {"epochs by the final images",
       kWhole,
       "method",
       "The number of steps is the one that did best on the images kept for confirmation.",
       {"tuned-on-test"}},
      {"rate fitted to the final split",
       kWhole,
       "protocol",
       "The learning rate was fitted on the confirmation split.",
       {"tuned-on-test"}},
      {"baseline from elsewhere",
       kClaim,
       "method",
       "The numbers of @B were copied from another paper.",
       {"baseline-missing"}},
      {"more effort for one",
       kClaim,
       "method",
       "For @T the settings were searched with care, while @B kept its defaults.",
       {"budget-unequal"}},
      {"use it from now on", kNotSupported, "conclusion", "From now on @T ought to be everybody's choice.", {"advice"}},
      {"p is the chance of error",
       kClaim,
       "results",
       "The value {{@C.contrast.p}} is the chance that the finding on @T and @B is false.",
       {"significant", "p-misread"}},
      {"relative gain",
       kClaim,
       "discussion",
       "That is a relative gain of @T over @B of {{value:@C.contrast.mean|short}} percent.",
       {"size-overstated", "number-by-hand", "unit-wrong"}},
  };
  return kSentences;
}

std::vector<Sabotage> sabotages_of(const std::vector<Said>& sentences) {
  std::vector<Sabotage> all;
  for (const auto& said : sentences)
    all.push_back({"words", said.name, said.rules, [&said](Study& study) -> Entries {
                     if (said.about == About::kWhole) {
                       say(study, said.where, said.sentence);
                       return {""};
                     }
                     auto* entry = subject(study, said.about);
                     if (!entry) return {};
                     say(study, said.where, filled(said.sentence, *entry));
                     return {id(*entry)};
                   }});
  return all;
}

const std::vector<Honest>& third_honest_sentences() {
  static const std::vector<Honest> kSentences = {
      {"discussion", "",
       "It is tempting to lay the difference between @T and @B to smoother gradients, but nothing here isolates them."},
      {"discussion", "", "How much of this carries over to photographs is beyond what was measured."},
      {"discussion", "", "A reader should not take @T for the better choice on the strength of one data set."},
      {"discussion", "", "If training had been longer, @B might have caught up with @T or fallen behind."},
      {"discussion", "", "Neither seeds nor blocks were dropped, whatever they showed."},
      {"discussion", "",
       "Were the search's blocks added to those of confirmation, the interval would no longer keep its level."},
      {"discussion", "", "The learning rate was not fitted to any split; all arms inherit it from the template."},
      {"discussion", "", "Had @T and @B been compared by a single run each, chance could have decided."},
      {"discussion", "", "That a test is not passed does not make @T and @B the same."},
      {"discussion", "", "No claim is made about larger models or other tasks."},
      {"discussion", "",
       "The interval, and not the verdict alone, is what a reader should carry away about @T and @B."},
      {"discussion", "", "The confirmation images were opened once, when the claims had been locked."},
      {"discussion", "", "Which of the recorded measures decides was fixed before any of them was seen."},
      {"discussion", "", "We looked for earlier comparisons of this kind and list in the related work what was found."},
      {"discussion", "",
       "An effect of practical importance is not what the interval of @T and @B excludes or shows by itself."},
      {"discussion", "", "Why networks of this size overfit is a question of its own."},
      {"discussion", "", "The p-value is not the probability that @T and @B are alike."},
      {"discussion", "", "Neither arm was searched with more care than the other."},
      {"discussion", "", "Nobody should infer from this that deeper networks behave alike."},
      {"discussion", "", "To decide the matter for good, more than one study of this kind is needed."}};
  return kSentences;
}

}  // namespace aisci::sabotage
