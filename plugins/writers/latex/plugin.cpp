// The writer `latex`. Configuration: {"format": "article"}, one of the folders under data/formats.
#include <aisci/plugin/writer.hpp>

#include "build_log.hpp"
#include "kit/document.hpp"
#include "kit/prompt.hpp"
#include "render.hpp"

namespace {

using namespace aisci::plugin;
namespace kit = aisci::kit;
namespace latex = aisci::latex;

class Latex final : public Writer {
 public:
  explicit Latex(const Setup& setup)
      : format_{latex::read_format(
            setup.data_folder,
            kit::text_of(kit::parse_object(setup.config_json, "the writer's configuration"), "format", "article"))} {}

  void render(std::string_view paper_json, std::string_view, Sink& files, Call&) override {
    const json::object paper = kit::parse_object(paper_json, "the paper");
    files.write(json::serialize(json::object{{"file", "paper.tex"}, {"text", latex::render_tex(paper, format_)}}));
    files.write(json::serialize(json::object{{"file", "references.bib"}, {"text", latex::render_bib(paper)}}));
    files.write(json::serialize(latex::build_steps(paper)));
  }

  std::string check(std::string_view paper_json, Call&) override {
    const json::object paper = kit::parse_object(paper_json, "the paper");
    json::array problems;
    const auto tell = [&](const char* place, const std::vector<std::string>& texts) {
      for (const auto& text : texts) problems.push_back(json::object{{"place", place}, {"text", text}});
    };
    tell("paper", latex::problems_of(paper));
    json::object report;
    if (paper.contains("log")) {
      const auto log = latex::read_build_log(kit::text_of(paper, "log"), format_.columns);
      tell("build", log.problems);
      report["body_pages"] = log.body_pages;
      if (format_.body_pages > 0) report["most_body_pages"] = format_.body_pages;
    }
    report["problems"] = std::move(problems);
    return json::serialize(report);
  }

 private:
  const latex::Format format_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.writer-latex", "0.2.0", AISCI_WRITER("latex", Latex))
