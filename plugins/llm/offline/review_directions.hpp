// Words that say which way a difference goes: what a sign can choose.
#pragma once

#include "review_phrases.hpp"

namespace aisci::offline::vocabulary {

inline const Phrases kHigher = {"higher",       "better",      "more accurate", "outperforms",   "outperform",
                                "outperformed", "exceeds",     "exceeded",      "beats",         "beat",
                                "above",        "improves on", "improves over", "improved over", "ahead of",
                                "surpasses",    "surpassed",   "wins against",  "gains over",    "leads",
                                "lead",         "tops",        "topped",        "edge over",     "dominates",
                                "eclipses",     "overtakes",   "wins over",     "superior to",   "gets the better of",
                                "defeats"};
inline const Phrases kLower = {"lower",       "worse",       "less accurate",  "underperforms", "underperformed",
                               "below",       "behind",      "falls short of", "fell short of", "trails",
                               "trail",       "trailed",     "loses to",       "lost to",       "inferior to",
                               "second to",   "give way to", "gives way to",   "yields to",     "lags",
                               "weaker than", "cannot match"};

// What a sign can choose: words of value, and words of merit.
inline const Phrases kValueUp = {"higher",    "above", "exceeds", "exceeded", "surpasses",
                                 "surpassed", "rose",  "up",      "increased"};
inline const Phrases kValueDown = {"lower", "below", "falls short of", "fell short of", "fell", "down", "decreased"};
inline const Phrases kMeritUp = {"better",   "more accurate", "outperforms", "outperform",    "outperformed",
                                 "beats",    "beat",          "improves on", "improves over", "improved over",
                                 "ahead of", "wins against",  "gains over",  "leads",         "lead",
                                 "gained",   "in favour of",  "a lead"};
inline const Phrases kMeritDown = {"worse",       "less accurate", "underperforms",  "underperformed", "behind",
                                   "trails",      "trail",         "trailed",        "loses to",       "lost to",
                                   "inferior to", "lost",          "to the cost of", "against",        "a deficit"};

}  // namespace aisci::offline::vocabulary
