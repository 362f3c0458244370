#include "research/landscape.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/files.hpp"
#include "base/json.hpp"

namespace aisci {
namespace {

int distance(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

double mean_of(const std::vector<float>& scores, std::size_t from, std::size_t to) {
  return std::accumulate(scores.begin() + static_cast<std::ptrdiff_t>(from),
                         scores.begin() + static_cast<std::ptrdiff_t>(to), 0.0) /
         static_cast<double>(to - from);
}

}  // namespace

double Landscape::noise() const {
  double sum = 0;
  for (const auto& row : scores) {
    const double mean = mean_of(row, 0, row.size());
    for (const float s : row) sum += (s - mean) * (s - mean);
  }
  return std::sqrt(sum / static_cast<double>(scores.size() * (seeds() - 1)));
}

void Landscape::finish() {
  const std::size_t half = seeds() / 2;
  near.assign(rows.size(), {});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    int closest = 1000;
    std::vector<std::uint32_t> nearest;
    for (std::size_t j = 0; j < rows.size(); ++j) {
      if (i == j) continue;
      const int d = distance(rows[i], rows[j]);
      if (d <= 2) near[i].push_back(static_cast<std::uint32_t>(j));
      if (d < closest) closest = d, nearest.clear();
      if (d == closest) nearest.push_back(static_cast<std::uint32_t>(j));
    }
    if (near[i].empty()) near[i] = nearest;
    first_mean.push_back(mean_of(scores[i], 0, half));
    other_mean.push_back(mean_of(scores[i], half, seeds()));
  }
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return first_mean[a] != first_mean[b] ? first_mean[a] > first_mean[b] : a < b; });
  const std::size_t percent = std::max<std::size_t>(1, rows.size() / 100);
  top = 0;
  for (std::size_t i = 0; i < percent; ++i) top += other_mean[order[i]] / static_cast<double>(percent);
  auto sorted = other_mean;
  std::sort(sorted.begin(), sorted.end());
  median = sorted[sorted.size() / 2];
}

namespace {

Status take_row(const json::value& value, Landscape& landscape) {
  const json::object* row = value.if_object();
  if (!row) return invalid_argument("it is no object");
  landscape.rows.emplace_back();
  for (const auto& level : array_of(*row, "config")) {
    const std::size_t factor = landscape.rows.back().size();
    const double index = as_number(level);
    if (factor >= landscape.levels.size() || !(index >= 0 && index < landscape.levels[factor]))
      return invalid_argument("its config does not fit the space");
    landscape.rows.back().push_back(static_cast<std::uint8_t>(index));
  }
  if (landscape.rows.back().size() != landscape.levels.size())
    return invalid_argument("its config does not fit the space");
  landscape.scores.emplace_back();
  for (const auto& score : array_of(*row, "val")) {
    landscape.scores.back().push_back(static_cast<float>(as_number(score)));
    if (!std::isfinite(landscape.scores.back().back())) return invalid_argument("a score in val is not a number");
  }
  if (landscape.scores.back().size() != landscape.seeds() || landscape.seeds() < 2)
    return invalid_argument("val needs the same number of scores in every row, at least two");
  return {};
}

}  // namespace

Result<Landscape> read_landscape(const std::string& path) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  AISCI_ASSIGN_OR_RETURN(const json::object document, parse_json_object(text, path));
  if (text_of(document, "format") != "aisci-landscape/1")
    return invalid_argument(path + " is not an aisci-landscape/1");
  Landscape landscape;
  landscape.name = text_of(document, "name", path);
  for (const auto& factor : object_of(document, "space")) {
    const json::array* levels = factor.value().if_array();
    if (!levels || levels->empty() || levels->size() > 255)
      return invalid_argument(path + ": the factor " + std::string{factor.key()} + " needs 1 to 255 levels");
    landscape.levels.push_back(static_cast<std::uint32_t>(levels->size()));
  }
  for (const auto& row : array_of(document, "rows"))
    if (const Status status = take_row(row, landscape); !status.ok())
      return status.with_context(path + ", row " + std::to_string(landscape.rows.size()));
  if (landscape.rows.size() < 2) return invalid_argument(path + " has fewer than two rows");
  landscape.finish();
  return landscape;
}

}  // namespace aisci
