# SPDX-License-Identifier: MIT
"""The same job in Scrapy, for comparison: fetch, extract links and text, match the lexicon in one pass, store the body."""
import os
import sqlite3

import ahocorasick
import scrapy
from scrapy.crawler import CrawlerProcess


def terms():
    for name, columns in (("drugs.tsv", (0, 1, 5, 6, 7)), ("phrases.tsv", (2,))):
        with open(os.path.join(os.environ["LEXICON"], name), encoding="utf-8") as table:
            for line in table:
                cells = line.rstrip("\n").split("\t")
                for column in columns:
                    if column < len(cells):
                        yield from (t.strip().lower() for t in cells[column].split(";") if len(t.strip()) > 2)


matcher = ahocorasick.Automaton()
for term in terms():
    matcher.add_word(term, term)
matcher.make_automaton()
database = sqlite3.connect(os.environ["DATABASE"])
database.execute("CREATE TABLE IF NOT EXISTS page(url TEXT, body BLOB, hits INTEGER)")


class Bench(scrapy.Spider):
    name = "bench"
    start_urls = [os.environ["SITE"]]

    def parse(self, response):
        text = " ".join(response.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall()).lower()
        hits = sum(1 for _ in matcher.iter(text))
        database.execute("INSERT INTO page VALUES (?, ?, ?)", (response.url, response.body, hits))
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.parse)


process = CrawlerProcess({"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": 16,
                          "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "TELNETCONSOLE_ENABLED": False})
process.crawl(Bench)
process.start()
database.commit()
