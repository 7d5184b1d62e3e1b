"""The words of the Settings tab."""

ENGLISH = {
    "intro": "What answers here, and with what. Settings are given to the program when it is started; none is hidden.",
    "setting": "Setting",
    "value": "Value",
    "change": "How to change it",
    "leaves": "What leaves this machine",
    "nothing": "Nothing. Documents, questions and answers stay here.",
    "only_engines": "To no LLM anything; to other servers what the lines below say.",
    "local_llm": "Nothing: the LLM runs on this machine.",
    "remote_llm": (
        "To {place}: each question, the messages of its conversation where it is a follow-up, and the sentences that "
        "the answer may cite. Documents themselves are not sent."
    ),
    "traces": "Traces of what is done",
    "traces_without": "To {place}, without the words of questions, answers and documents.",
    "traces_with": "To {place}, with the words of questions and answers.",
    "vectors": "Vectors",
    "vectors_here": "On the Chroma server {place}, on this machine.",
    "vectors_elsewhere": (
        "To the Chroma server {place}: the vectors of passages with the ids of their documents, and the vector of each "
        "question. No words are sent, but much of a text can be told from its vectors."
    ),
    "database": "Database",
    "database_here": "On the PostgreSQL server {place}, on this machine.",
    "database_elsewhere": "To the PostgreSQL server {place}: documents, questions and answers are kept there.",
    "writer": "Who writes",
    "quotes": "the documents themselves, by quoting",
    "verifier": "Who checks",
    "built_in": "the built-in verifier",
    "embedder": "Embedding model",
    "embedder_value": "{name} ({dimension} dimensions, reads {max_tokens} tokens at once)",
    "embedding": "Embedding",
    "embedding_here": "By the embeddings server {place}, on this machine.",
    "embedding_elsewhere": "To the embeddings server {place}: the words of all documents and of each question.",
    "reranker": "Reranker",
    "none": "none",
    "documents": "Documents",
    "documents_value": "{num_documents} ({languages}), {num_passages} passages",
    "home": "Home folder",
    "version": "Version",
    "in_documents_tab": "in the Documents tab",
    "check": "Check that everything holds together",
    "well": "All is well: {num_documents} documents, {num_passages} passages, {num_vectors} vectors.",
    "repair": "“communique doctor --repair”, or Mend in the Documents tab, puts right what can be.",
}

JAPANESE = {
    "intro": "ここで何が答えているかを示します。設定は起動時に与えるもので、隠れた設定はありません。",
    "setting": "設定",
    "value": "値",
    "change": "変え方",
    "leaves": "この機械から出るもの",
    "nothing": "ありません。文書も質問も回答もこの機械に留まります。",
    "only_engines": "LLMには何も送りません。ほかのサーバーへは下の行に示すものを送ります。",
    "local_llm": "ありません。LLMはこの機械で動いています。",
    "remote_llm": (
        "送り先は {place} です。質問、続きの質問ではその会話の発言、回答が引用しうる文を送ります。"
        "文書そのものは送りません。"
    ),
    "traces": "処理の記録（トレース）",
    "traces_without": "送り先は {place} です。質問・回答・文書の言葉は含みません。",
    "traces_with": "送り先は {place} です。質問と回答の言葉を含みます。",
    "vectors": "ベクトル",
    "vectors_here": "この機械の Chroma サーバー {place} にあります。",
    "vectors_elsewhere": (
        "送り先は Chroma サーバー {place} です。箇所のベクトルと文書のID、質問のベクトルを送ります。"
        "言葉は送りませんが、ベクトルから文の多くを推し量ることができます。"
    ),
    "database": "データベース",
    "database_here": "この機械の PostgreSQL サーバー {place} にあります。",
    "database_elsewhere": "送り先は PostgreSQL サーバー {place} です。文書・質問・回答はそこに保存されます。",
    "writer": "書き手",
    "quotes": "文書からの引用",
    "verifier": "検証",
    "built_in": "内蔵の検証器",
    "embedder": "埋め込みモデル",
    "embedder_value": "{name}（{dimension}次元、一度に{max_tokens}トークン）",
    "embedding": "埋め込み",
    "embedding_here": "この機械の埋め込みサーバー {place} が行います。",
    "embedding_elsewhere": "送り先は埋め込みサーバー {place} です。すべての文書と各質問の言葉を送ります。",
    "reranker": "リランカー",
    "none": "なし",
    "documents": "文書",
    "documents_value": "{num_documents}件（{languages}）、{num_passages}箇所",
    "home": "保存先のフォルダー",
    "version": "バージョン",
    "in_documents_tab": "「文書」タブ",
    "check": "整合性を調べる",
    "well": "問題ありません：文書{num_documents}件、{num_passages}箇所、ベクトル{num_vectors}個。",
    "repair": "「communique doctor --repair」または「文書」タブの修復で直せるものは直ります。",
}
