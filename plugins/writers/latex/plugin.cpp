// The writer `latex`.
#include <aisci/plugin/writer.hpp>

#include <fstream>

#include "render.hpp"

namespace {

using namespace aisci::plugin;

json::object parse(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) throw Error{Code::kInvalidArgument, "the paper is not a JSON object"};
  return std::move(value.as_object());
}

class Latex final : public Writer {
 public:
  explicit Latex(const Setup& setup) {
    std::ifstream file{setup.data_folder + "/formats/article/preamble.tex"};
    preamble_.assign(std::istreambuf_iterator<char>{file}, {});
    if (preamble_.empty()) throw Error{Code::kDataLoss, "the format article is missing from " + setup.data_folder};
  }

  void render(std::string_view paper_json, std::string_view, Sink& files, Call&) override {
    const json::object paper = parse(paper_json);
    files.write(
        json::serialize(json::object{{"file", "paper.tex"}, {"text", aisci::latex::render_tex(paper, preamble_)}}));
    files.write(json::serialize(json::object{{"file", "references.bib"}, {"text", aisci::latex::render_bib(paper)}}));
    files.write(json::serialize(aisci::latex::build_steps(paper)));
  }

  std::string check(std::string_view paper_json, Call&) override {
    json::array problems;
    for (const auto& text : aisci::latex::problems_of(parse(paper_json)))
      problems.push_back(json::object{{"place", "paper"}, {"text", text}});
    return json::serialize(json::object{{"problems", std::move(problems)}});
  }

 private:
  std::string preamble_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.writer-latex", "0.1.0", AISCI_WRITER("latex", Latex))
