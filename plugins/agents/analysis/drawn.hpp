// What figures draw: labels in plain text, numbers as they are. Nothing here is resolved later, so digits stand as
// such.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::analysis {

const json::object& metric_of(const json::object& study);
std::string metric_title(const json::object& study);
// "fraction" when the metric is one; else its unit.
std::string metric_unit(const json::object& study);
// The factor that is the amount of data, by its role in the template, else by the settings; "" when there is none.
std::string data_factor(const json::object& study);

// "GELU" for gelu, "100" for 100.
std::string level_label(const json::object& factor, const std::string& level);
// "ViT"; "200 training images"; "dropout rate 0.2"; "no dropout".
std::string level_phrase(const json::object& study, const std::string& factor, const json::value& level);
// The same as text with references: "{{label:model.vit}}"; "{{level:train_size.200}} training images".
std::string level_reference(const json::object& study, const std::string& factor, const json::value& level);
// Whether a level is what the study uses where it does not vary the factor.
bool is_usual(const json::object& study, const std::string& factor, const json::value& level);
// Where scores come from: " on the validation split", " on the confirmation split", or " on the training images" of an
// outcome that is measured there.
std::string place_of_search(const json::object& study);
std::string place_of_confirmation(const json::object& study);
// "GELU − ReLU, CNN": the two sides, the two conditions of an interaction, and what departs from the usual setting.
std::string comparison_label(const json::object& study, const json::object& hypothesis);

// Whether a hypothesis is about the usual setting alone.
bool in_usual_setting(const json::object& study, const json::object& hypothesis);

// How many blocks these nodes have, as text with references: "{{n1.n}}", or "{{n4.n}} to {{n1.n}}" where they differ;
// "" when none has any.
std::string blocks_reference(const json::object& study, const std::vector<std::string>& nodes);
// "{{n1.name}} and {{n4.name}}", in the order of the study.
std::string names_reference(const json::object& study, const std::vector<std::string>& nodes);

// Whether nothing in these points of a curve, [step, mean, lower, upper], forbids a logarithmic axis.
bool all_above_zero(const json::array& points);
// Whether these levels of an ordered factor are drawn on a logarithmic axis: three or more that span `least` times.
bool spans(const json::array& levels, double least);

// {"mean", "lower", "upper"}
json::object interval_of(const json::object& from);
// Where the axis of such intervals ends, {low, high}, when intervals so wide that the others would shrink to points are
// cut there; empty when all are shown whole. Every mean, the band of differences up to `limit` on either side of zero
// and the interval of every row with a `verdict` stay in sight.
json::array cut_axis(const json::array& rows, double limit);
// {"id", "label", "mean", "lower", "upper", "values"}
json::object arm_of(const json::object& evidence, const std::string& id);
// The arms of a claim's contrast, those with a positive weight first.
std::vector<std::string> contrast_arms(const json::object& claim);

}  // namespace aisci::analysis
