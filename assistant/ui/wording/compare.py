"""The words of the Compare tab."""

ENGLISH = {
    "intro": (
        "Put the same questions to several documents, each read alone. A cell quotes the document, or is silent and "
        "says what was searched for. No LLM is asked."
    ),
    "documents": "Documents",
    "documents_info": "Type to search by title or date. None chosen: all of them, while they are within the limit.",
    "questions": "Questions, one a line",
    "questions_placeholder": "How much money is there?\nWho signed it?",
    "questions_info": "Up to 20 questions and 400 cells (documents × questions) at once.",
    "compare": "Compare",
    "stop": "Stop",
    "matrix": "Comparison",
    "download_md": "Download Markdown",
    "download_docx": "Download Word",
    "download_csv": "Download CSV",
    "download_json": "Download JSON",
    "source": "Source",
    "document": "Document",
    "no_date": "no date",
    "silent": "silent",
    "searched": "searched for: {queries}",
    "show_source": "Show source {number}: {title}",
    "supported": "supported by its source",
    "partly": "partly supported by its source",
    "caption": "Documents: {documents}. Questions: {questions}.",
    "progress": "Reading document {row} of {total}: {title}",
    "done": "Done: {cells} cells, of which {silent} silent.",
    "stopped": "Stopped. Documents done: {rows}. They stay, and can be downloaded.",
    "failed": "The comparison could not be finished: {reason}",
    "no_questions": "Type at least one question, each on a line of its own.",
    "no_documents": "There are no documents yet: add some in the tab Documents.",
    "too_many_questions": "{count} questions are too many: ask up to {limit} at once.",
    "too_many_cells": (
        "{documents} documents × {questions} questions are {cells} cells, {limit} are allowed at once: choose fewer "
        "documents or questions, or use `communique compare`, which has no limit."
    ),
    "hint": "Choose a number in the matrix: its source opens here, with the cited words marked.",
}

JAPANESE = {
    "intro": (
        "複数の文書に同じ質問をし、文書ごとに個別に読みます。各欄には文書の原文を引用し、記述がなければ"
        "「記述なし」として検索した内容を示します。LLM は使いません。"
    ),
    "documents": "文書",
    "documents_info": "題名や日付で検索できます。選ばなければ、上限の範囲ですべての文書が対象です。",
    "questions": "質問（1 行に 1 つ）",
    "questions_placeholder": "予算はいくらか。\n署名したのは誰か。",
    "questions_info": "一度に質問 20 件、欄（文書 × 質問）400 個まで。",
    "compare": "比較する",
    "stop": "中止",
    "matrix": "比較",
    "download_md": "Markdown で保存",
    "download_docx": "Word で保存",
    "download_csv": "CSV で保存",
    "download_json": "JSON で保存",
    "source": "出典",
    "document": "文書",
    "no_date": "日付なし",
    "silent": "記述なし",
    "searched": "検索した内容：{queries}",
    "show_source": "出典 {number} を表示：{title}",
    "supported": "出典に裏づけられています",
    "partly": "出典に一部裏づけられています",
    "caption": "文書：{documents} 件、質問：{questions} 件。",
    "progress": "文書を読んでいます（{row}／{total}）：{title}",
    "done": "完了：{cells} 欄、うち記述なし {silent} 欄。",
    "stopped": "中止しました。完了した文書：{rows} 件。できた部分は残り、ダウンロードできます。",
    "failed": "比較を終えられませんでした：{reason}",
    "no_questions": "質問を 1 行に 1 つずつ、少なくとも 1 つ入力してください。",
    "no_documents": "文書がまだありません。「文書」タブで追加してください。",
    "too_many_questions": "質問が {count} 件あります。一度に {limit} 件までにしてください。",
    "too_many_cells": (
        "文書 {documents} 件 × 質問 {questions} 件で {cells} 欄になります。一度に {limit} 欄までです。文書か質問を"
        "減らすか、上限のない `communique compare` を使ってください。"
    ),
    "hint": "表の番号を選ぶと、ここに出典が開き、引用箇所に印が付きます。",
}
