// What a sentence tells of, by the kinds of words that meet in it: a table of kinds, and a table of what is objected to
// when one word of each kind stands in a sentence. A word that ends in "*" stands for all that begin so.
#pragma once

#include <vector>

#include "review_audit.hpp"
#include "review_vocabulary.hpp"

namespace aisci::offline::meaning {

using vocabulary::Phrases;
using Weight = Weakness::Weight;

// --- kinds of words ---
inline const Phrases kDoubt = {"doubt*", "dispute*", "no question", "without question", "beyond question"};
inline const Phrases kNone = {"no", "nobody", "none", "without", "beyond", "cannot", "leaves no", "leave no"};
inline const Phrases kSettles = {"settle*", "decide*", "answer*", "close*", "end*", "conclude*", "resolve*"};
inline const Phrases kForGood = {"for good",   "once and for all", "for ever",       "finally",
                                 "the matter", "the debate",       "the discussion", "beyond"};
inline const Phrases kLaws = {
    "law of",           "laws of",        "universal law", "truth about", "principle of learning",
    "established fact", "nothing left to"};
inline const Phrases kEver = {"ever",           "hitherto",        "until now",        "to date",
                              "up to now",      "every published", "all published",    "any published",
                              "every reported", "all reported",    "others have left", "territory",
                              "uncharted"};
inline const Phrases kFirst = {"best",  "better", "outdo*", "exceed*",   "surpass*",   "missing",
                               "lack*", "absent", "first",  "untouched", "unexplored", "untrodden"};
inline const Phrases kLevel = {"level", "threshold"};
inline const Phrases kUsualLevel = {"conventional", "usual", "customary", "per cent", "percent", "nominal", "standard"};
inline const Phrases kPasses = {"differ*", "reach*", "pass*", "below", "reject*", "attain*", "clear*", "meet*", "met"};
inline const Phrases kNearly = {"approach*", "trend*", "narrowly", "almost", "short of", "border*",
                                "verge*",    "misses", "missed",   "nearly", "close to"};
inline const Phrases kSignificance = {"significance"};
inline const Phrases kNull = {"null hypothesis", "null"};
inline const Phrases kRejects = {"reject*"};
inline const Phrases kExplains = {"because", "owe*",       "owing",        "due to",    "cause*",    "drive*",
                                  "driven",  "explain*",   "reason*",      "stem*",     "hence",     "thanks",
                                  "lets",    "let",        "enable*",      "allow*",    "makes",     "origin*",
                                  "behind",  "responsib*", "consequence*", "attribut*", "therefore", "shows in"};
inline const Phrases kMechanisms = {
    "gradient*", "noise",      "surface*",   "landscape*", "smooth*",  "signal*",  "overfit*",        "capacity",
    "curvature", "condition*", "saturat*",   "feature*",   "memoris*", "memoriz*", "covariate*",      "sparsity",
    "redundan*", "co-adapt*",  "adaptation", "symmetr*",   "flat*",    "minima",   "representation*", "converge*"};
inline const Phrases kTransfers = {"expect*",    "hold*",      "appl*",   "carry*",  "carries", "transfer*",
                                   "generalis*", "generaliz*", "extend*", "same",    "true",    "valid",
                                   "lesson*",    "work*",      "stays",   "persist*"};
inline const Phrases kElsewhere = {"photograph*",    "imagenet",       "language",      "speech",
                                   "medical",        "natural images", "real world",    "the wild",
                                   "industr*",       "practice",       "production",    "video*",
                                   "large models",   "larger models",  "modern",        "text",
                                   "any vision",     "any task",       "any problem",   "any image*",
                                   "every task",     "every problem",  "all tasks",     "other tasks",
                                   "clinical",       "audio",          "other domains", "at scale",
                                   "today",          "robot*",         "satellite*",    "data of their own",
                                   "their own data", "face",           "faces"};
inline const Phrases kMainly = {"above all",    "mainly",        "mostly",         "chiefly",     "especially",
                                "particularly", "primarily",     "foremost",       "concentrat*", "widen*",
                                "shrink*",      "fade*",         "vanish*",        "disappear*",  "scarcer",
                                "confined",     "further apart", "closer together"};
inline const Phrases kEffects = {"effect*", "advantage*", "gain*", "difference*", "benefit*", "influence*"};
inline const Phrases kLargerThan = {"larger than",  "smaller than", "stronger than", "weaker than",
                                    "greater than", "bigger than",  "exceeds that",  "exceeds the"};
inline const Phrases kUnits = {"seed*", "run", "runs", "block*", "trial*", "batch", "repetition*"};
inline const Phrases kRedoes = {"repeated",  "replaced", "redone",    "rerun",     "run again",
                                "discarded", "dropped",  "removed",   "excluded",  "omitted",
                                "skipped",   "ignored",  "restarted", "leave out", "left out"};
inline const Phrases kWentWrong = {"fail*",    "collaps*", "diverg*", "did not",        "poor*", "bad*", "odd*",
                                   "unstable", "astray",   "until",   "as they should", "worst", "low*", "unusual"};
inline const Phrases kTypical = {"typical",    "representative", "exemplary", "best",    "good",
                                 "favourable", "successful",     "lucky",     "luckier", "luckiest"};
inline const Phrases kPresents = {"report*", "show*",    "select*", "consider*", "keep",
                                  "kept",    "present*", "print*",  "entered",   "counted"};
inline const Phrases kMore = {"add*",     "more",  "another", "further", "extra",   "extend*", "continu*", "until",
                              "prolong*", "ended", "stopped", "halted",  "went on", "enlarg*", "start*"};
inline const Phrases kSampling = {"seed*",    "block*",      "batch",          "confirmation",
                                  "sampling", "repetition*", "data collection"};
inline const Phrases kLooks = {
    "close",   "threshold", "zero",   "clear*",  "promis*",  "significan*", "looked",        "crossed",
    "favour*", "hoped",     "wanted", "reject*", "excluded", "convinc*",    "test repeated", "repeated the test"};
inline const Phrases kHalves = {"halved",        "halve",      "half of the p", "one tailed",  "one sided",
                                "single tailed", "upper tail", "one tail",      "single tail", "tail alone"};
inline const Phrases kP = {"p value*", "p", "test*"};
inline const Phrases kMeasures = {"measure*", "metric*", "outcome*", "accuracy", "loss", "score*"};
inline const Phrases kPicks = {"show",    "chose",   "chosen", "pick*", "select*", "taken",
                               "prefer*", "switch*", "report", "swap*", "replac*"};
inline const Phrases kByResult = {"does best",   "did best",      "nothing",   "flatter*",           "favour*",
                                  "looks best",  "most impress*", "does well", "largest difference", "suits",
                                  "came out",    "benefits most", "nicer",     "prettier",           "more striking",
                                  "better story"};
inline const Phrases kTogether = {"together",   "pool*",  "combin*", "merg*",  "join*", "added to",
                                  "along with", "united", "one pot", "lumped", "mixed"};
inline const Phrases kOfSearch = {"search", "exploration", "exploratory", "old"};
inline const Phrases kOfConfirmation = {"confirmation", "confirmatory", "fresh", "new"};
inline const Phrases kPredicts = {"predict*", "hypothes*", "direction*", "decid*",  "chosen",
                                  "choice",   "claim*",    "form",       "reword*", "worded"};
inline const Phrases kKnowing = {"was known",     "were known",      "been seen",   "come in",      "came in",
                                 "in hand",       "hindsight",       "having seen", "after seeing", "after the fact",
                                 "after looking", "at hand already", "had scored",  "seeing how",   "turned out"};
inline const Phrases kTestData = {"confirmation split", "confirmation data", "confirmation images", "confirmation set",
                                  "for confirmation",   "test set",          "test split",          "test data",
                                  "test images",        "held out",          "held back",           "final split",
                                  "last split",         "last labels"};
inline const Phrases kChooses = {"tun*",      "chose*",    "select*",        "picked", "optimis*",    "optimiz*",
                                 "fitted",    "adjust*",   "set to",         "best",   "checkpoint*", "stopped",
                                 "calibrat*", "determin*", "early stopping", "peek*",  "looked at"};
inline const Phrases kBorrowed = {"copied",
                                  "taken from",
                                  "taken over from",
                                  "borrowed",
                                  "quoted from",
                                  "not trained",
                                  "never trained",
                                  "not run",
                                  "never run",
                                  "known from",
                                  "not measured",
                                  "its authors give",
                                  "its authors report",
                                  "authors give"};
inline const Phrases kEarlier = {"earlier", "previous*", "prior", "published", "existing", "literature", "past"};
inline const Phrases kWorks = {"study",   "studies", "work",     "works",      "paper*",
                               "report*", "result*", "finding*", "literature", "author*"};
inline const Phrases kAgrees = {"agree*",  "same direction", "confirm*", "consistent",
                                "unanim*", "in line",        "point*",   "support*"};
inline const Phrases kOught = {"should", "ought", "recommend*", "advis*", "had better", "must"};
inline const Phrases kUses = {"use",     "used",   "switch*",  "choose",   "choice",
                              "prefer*", "adopt*", "default*", "replace*", "abandon*"};
inline const Phrases kDecided = {"settle*",     "answer*",    "decid*", "prove*",   "establish*", "no confirmation",
                                 "demonstrat*", "for chance", "plain",  "obvious*", "evident*"};
inline const Phrases kEffort = {"search*", "tun*", "care", "effort", "swept", "grid", "optimis*", "optimiz*"};
inline const Phrases kAsItWas = {"default*",   "untuned",   "as it was",     "kept its",
                                 "kept their", "unchanged", "out of the box"};
inline const Phrases kOdds = {"probability", "chance", "odds", "likelihood", "probable", "likely"};
inline const Phrases kClaims = {"claim*", "prediction*", "hypothes*", "expectation*", "conjecture*", "we were"};
inline const Phrases kCameTrue = {"met",     "stands",  "stood",  "holds",     "held",      "true",
                                  "correct", "fulfil*", "upheld", "vindicat*", "verified",  "bear",
                                  "bears",   "bore",    "borne",  "came true", "confirmed", "right"};

// Sentences that ask, suppose, deny as a whole or say what was not done: nothing is asserted in them.
inline const Phrases kHedges = {
    "whether",      "would",         "might",         "may",           "could",        "if",           "had the",
    "not claim",    "no claim",      "not show that", "not mean",      "not make",     "not prove",    "not imply",
    "not say",      "does not show", "do not show",   "remains to be", "remains open", "is open",      "is tempting",
    "should not",   "nobody should", "no one should", "how much",      "how far",      "not the aim",  "no evidence of",
    "not examined", "not asked",     "not tested",    "not isolate",   "no mechanism", "nothing here", "unknown",
    "is needed",    "are needed",    "it takes",      "is required",   "are required", "predicts",     "predicted",
    "asks"};

// --- what is objected to ---
enum class About { kAny, kPair, kUnsupported, kNodes, kTwoEntries, kUntestedPair, kNotDecided };
struct Meaning {
  const char* rule;
  Weight weight;
  const char* kind;
  About about;
  std::vector<const Phrases*> words;  // one of each; the first may not be denied
  const char* text;                   // after "In the discussion "
  bool denial = false;                // the first may be denied: denying is part of it
  const char* unless = nullptr;       // a word that makes it something else
  bool one_clause = false;            // all of them between two commas
};
const std::vector<Meaning>& meanings();

// Names of factors and their levels are what a study is about and tell nothing by themselves: "label smoothing" is no
// mechanism. Takes them out.
std::string without_names(std::string words, const std::vector<std::string>& names);
std::vector<std::string> names_of(const json::object& study);

// The place of a word in a sentence, at the beginning of a word; npos when it is not there.
std::size_t find_word_of(std::string_view words, const Phrases& kind);
// Whether what stands at a place is denied: by "no", "never" or their like before it in its clause, by "not" shortly
// before it, or by either right after it.
bool denied(std::string_view words, std::size_t at);
inline bool hedged(std::string_view words) { return find_word_of(words, kHedges) != std::string_view::npos; }

}  // namespace aisci::offline::meaning
