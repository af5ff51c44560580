#include "common/yaml/read.hpp"

#include "common/yaml/scalar.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

namespace sluice::yaml {
namespace {

/// Leaves the parser, which knows no other way to be stopped.
struct Refused {
    core::Failure failure;
};

core::Failure failure_at(const Mark& mark, const std::string& what, std::string advice) {
    const auto place = "line " + std::to_string(mark.line) + ", column " + std::to_string(mark.column);
    return core::Failure::poison(place + ": " + what, std::move(advice));
}

Mark mark_of(const YAML::Mark& mark) {
    return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& what, std::string advice) {
    throw Refused{failure_at(mark_of(mark), what, std::move(advice))};
}

std::string pointer_step(std::string_view key) {
    std::string step = "/";
    for (const char c : key) c == '~' ? step += "~0" : c == '/' ? step += "~1" : step += c;
    return step;
}

/// Writes JSON while the parser walks through the document.
class Writer final : public YAML::EventHandler {
public:
    explicit Writer(const Limits& limits) : limits_{limits} {}

    Document take() { return std::move(document_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    // The parser's mark of an empty value is where the next thing begins: its key is the better place.
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (expects_key()) refuse(mark, "a key must not be null", "quote it, or name it");
        OnScalar(levels_.empty() || !levels_.back().mapping ? mark : levels_.back().key_mark, "?", anchor, "");
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_alias(mark); }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check_plain_node(mark, tag, anchor);
        if (find_broken_utf8(value) != std::string_view::npos)  // the parser turns these two into single bytes
            refuse(mark, "the escapes \\_ and \\N are not taken", "write \\u00a0 or \\u0085");
        if (expects_key()) return begin_member(mark, value);
        begin_value(mark);
        const auto json = tag == "!" ? quoted(value) : plain_to_json(value);
        if (!json)
            refuse(mark, "JSON has no such number",
                   "write a finite number within 64 bits, or quote it to make it text");
        document_.json += *json;
        end_value();
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, '[');
    }
    void OnSequenceEnd() override { close(']'); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, '{');
    }
    void OnMapEnd() override { close('}'); }

private:
    struct Level {
        bool mapping;
        bool after_key = false;
        std::size_t members = 0;
        std::size_t pointer_size = 0;  // of this level's own pointer
        std::set<std::string> keys{};
        YAML::Mark key_mark{};
    };

    [[noreturn]] static void refuse_alias(const YAML::Mark& mark) {
        refuse(mark, "anchors and aliases are not taken", "write the value out in each place");
    }

    static void check_plain_node(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) refuse_alias(mark);
        if (tag != "?" && tag != "!" && !tag.empty())
            refuse(mark, "tags are not taken", "drop the tag, and quote what should be text");
    }

    bool expects_key() const { return !levels_.empty() && levels_.back().mapping && !levels_.back().after_key; }

    void begin_member(const YAML::Mark& mark, const std::string& key) {
        auto& level = levels_.back();
        if (!level.keys.insert(key).second) refuse(mark, "this key was given before", "keep one of the two");
        if (level.members++ > 0) document_.json += ',';
        document_.json += quoted(key) + ':';
        pointer_ += pointer_step(key);
        level.after_key = true;
        level.key_mark = mark;
    }

    void begin_value(const YAML::Mark& mark) {
        if (!levels_.empty() && !levels_.back().mapping) {
            if (levels_.back().members > 0) document_.json += ',';
            pointer_ += "/" + std::to_string(levels_.back().members++);
        }
        pointers_size_ += pointer_.size();
        if (pointers_size_ > limits_.pointers_size_max)
            refuse(mark, "the document has too many values under too long names", "split it, or shorten its keys");
        document_.marks.emplace(pointer_, mark_of(mark));
    }

    void end_value() {
        if (levels_.empty()) return;
        levels_.back().after_key = false;
        pointer_.resize(levels_.back().pointer_size);
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, char bracket) {
        check_plain_node(mark, tag, anchor);
        if (expects_key())
            refuse(mark, "a key must be a scalar", "quote it, or close the bracket that was left open there");
        if (levels_.size() >= limits_.depth_max)
            refuse(mark, "nested deeper than " + std::to_string(limits_.depth_max) + " levels", "flatten the document");
        begin_value(mark);
        document_.json += bracket;
        levels_.push_back({.mapping = bracket == '{', .pointer_size = pointer_.size()});
    }

    void close(char bracket) {
        levels_.pop_back();
        document_.json += bracket;
        end_value();
    }

    Limits limits_;
    Document document_;
    std::vector<Level> levels_;
    std::string pointer_;
    std::size_t pointers_size_ = 0;
};

/// Notices that there is a second document, which the parser would pass over in silence.
class Nothing final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark& mark) override {
        refuse(mark, "a second document begins", "put each document in a file of its own");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

Mark mark_at(std::string_view text, std::size_t position) {
    const auto before = text.substr(0, position);
    const auto last_line = before.rfind('\n') + 1;  // npos + 1 = 0
    return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1, position - last_line + 1};
}

// The parser lets an open quote, or a key without a value, pass at the very end of the text: a last comment makes it
// look.
std::string with_end(std::string_view text) { return std::string(text) + (text.ends_with('\n') ? "#" : "\n#"); }

Document parse(std::string_view text, const Limits& limits) {
    std::istringstream stream{with_end(text)};
    YAML::Parser parser{stream};
    Writer writer{limits};
    if (!parser.HandleNextDocument(writer))
        throw Refused{core::Failure::poison("the text holds no document", "write at least one value")};
    Nothing nothing;
    parser.HandleNextDocument(nothing);
    return writer.take();
}

}  // namespace

core::Result<Document> read_yaml(std::string_view text, const Limits& limits) {
    if (text.size() > limits.size_max)
        return core::Failure::poison("the text is larger than " + std::to_string(limits.size_max) + " bytes",
                                     "split it, or move what is large into an artifact");
    if (const auto broken = find_broken_utf8(text); broken != std::string_view::npos)
        return failure_at(mark_at(text, broken), "this is not UTF-8", "save the file as UTF-8");
    try {
        return parse(text, limits);
    } catch (const Refused& refused) {
        return refused.failure;
    } catch (const YAML::Exception& error) {
        return failure_at(mark_of(error.mark), "this is not YAML (" + error.msg + ")",
                          "look at the indentation and quotes there");
    }
}

}  // namespace sluice::yaml
