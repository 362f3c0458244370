// What a claim's evidence tells beside its contrast and arms: what its limit amounts to where the arms score, the
// spread that its blocks were counted by, single blocks that carry the verdict or lie far from the others, and how many
// blocks would decide what stayed open.
#pragma once

#include "research/facts.hpp"
#include "research/node.hpp"

namespace aisci {

// `claim` has evidence; `form` is that of its metric; `log_odds` the study's limit for contrasts on the logit scale, 0
// without any.
void add_contrast_facts(Facts& facts, const Claim& claim, const MetricForm& form, double log_odds);

}  // namespace aisci
