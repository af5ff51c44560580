#include "common/http/parser.hpp"

#include "common/http/text.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <limits>

namespace sluice::http {
namespace {

namespace beast = boost::beast;
constexpr std::size_t chunk_extension_bytes_max = 1024;

core::Failure malformed(const beast::error_code& ec) {
    return core::Failure::poison("this is not valid HTTP/1.1 (" + ec.message() + ")",
                                 "compare what was sent with RFC 9112, or use a common HTTP library");
}

template <class Fields> Headers copied(const Fields& fields) {
    Headers out;
    for (const auto& field : fields)
        out.emplace_back(lower(std::string_view{field.name_string().data(), field.name_string().size()}),
                         field.value());
    return out;
}

template <bool is_request> class Grammar {
public:
    Grammar() {
        // Limits are ours, counted on raw bytes: Beast's count neither trailers nor chunk extensions.
        parser_.body_limit(boost::none);
        parser_.header_limit(std::numeric_limits<std::uint32_t>::max());
        parser_.on_chunk_header(on_chunk_);
    }
    Grammar(const Grammar&) = delete;
    Grammar& operator=(const Grammar&) = delete;

    core::Result<void> head(std::string_view raw) {
        beast::error_code ec;
        parser_.eager(false);
        parser_.put(boost::asio::buffer(raw), ec);
        parser_.eager(true);
        if (ec) return malformed(ec);
        if (!parser_.is_header_done()) return malformed(beast::http::error::partial_message);
        return {};
    }

    core::Result<std::size_t> body(std::string_view raw, std::string& content) {
        if (parser_.is_done() || raw.empty()) return std::size_t{0};
        const std::size_t before = content.size();
        content.resize(before + raw.size());  // content is never longer than what it came in
        auto& out = parser_.get().body();
        out.data = content.data() + before;
        out.size = raw.size();
        beast::error_code ec;
        const std::size_t taken = parser_.put(boost::asio::buffer(raw), ec);
        content.resize(before + raw.size() - out.size);
        if (ec && ec != beast::http::error::need_more) return malformed(ec);
        return taken;
    }

    beast::http::parser<is_request, beast::http::buffer_body>& parser() { return parser_; }
    const beast::http::parser<is_request, beast::http::buffer_body>& parser() const { return parser_; }

    bool done_at_end() {
        beast::error_code ec;
        if (!parser_.is_done()) parser_.put_eof(ec);
        return !ec && parser_.is_done();
    }

private:
    // A line feed in a quoted extension ends the line for some readers and not for others: nobody needs quotes there.
    std::function<void(std::uint64_t, beast::string_view, beast::error_code&)> on_chunk_ =
        [](std::uint64_t, beast::string_view extension, beast::error_code& ec) {
            if (extension.size() > chunk_extension_bytes_max || extension.find('"') != beast::string_view::npos)
                ec = beast::http::error::bad_chunk_extension;
        };
    beast::http::parser<is_request, beast::http::buffer_body> parser_;
};

class BeastRequestParser final : public RequestParser {
public:
    core::Result<Head> head(std::string_view raw) override {
        if (auto parsed = grammar_.head(raw); !parsed) return parsed.failure();
        const auto& message = grammar_.parser().get();
        Head head;
        head.version = static_cast<int>(message.version());
        head.method = std::string{message.method_string()};
        head.target = std::string{message.target()};
        head.fields = copied(message);
        return head;
    }
    core::Result<std::size_t> body(std::string_view raw, std::string& content) override {
        return grammar_.body(raw, content);
    }
    bool done() const override { return grammar_.parser().is_done(); }
    bool done_at_end() override { return grammar_.done_at_end(); }

private:
    Grammar<true> grammar_;
};

class BeastResponseParser final : public ResponseParser {
public:
    explicit BeastResponseParser(bool bodiless) { grammar_.parser().skip(bodiless); }

    core::Result<Top> head(std::string_view raw) override {
        if (auto parsed = grammar_.head(raw); !parsed) return parsed.failure();
        const auto& message = grammar_.parser().get();
        return Top{static_cast<int>(message.result_int()), copied(message), grammar_.parser().keep_alive()};
    }
    core::Result<std::size_t> body(std::string_view raw, std::string& content) override {
        return grammar_.body(raw, content);
    }
    bool done() const override { return grammar_.parser().is_done(); }
    bool done_at_end() override { return grammar_.done_at_end(); }

private:
    Grammar<false> grammar_;
};

}  // namespace

std::unique_ptr<RequestParser> RequestParser::make() { return std::make_unique<BeastRequestParser>(); }

std::unique_ptr<ResponseParser> ResponseParser::make(bool bodiless) {
    return std::make_unique<BeastResponseParser>(bodiless);
}

}  // namespace sluice::http
