"""Words for what must stay unlabelled: sentences, subjects, products, laws, code names.

All made by hand for this generator. Months, days and names that are words stand here on
purpose beside ordinary words, so that the model learns to leave them.
"""

from __future__ import annotations

import random

_SUBJECTS = (
    "we", "I", "they", "you", "nobody", "the team", "she", "he", "it", "our system", "the court",
    "the patient", "the customer", "your order", "the board", "the driver", "my sister",
    "the landlord", "the package", "the new version", "this clause", "the committee", "a nurse",
    "the school", "the engine", "the server", "someone", "the whole family", "the buyer",
    "the printer", "the report", "his lawyer", "her doctor", "the bank", "the invoice",
)  # fmt: skip
_VERBS = (
    "will send the payment", "cannot open the attachment", "has to check the order again",
    "should cancel the contract", "did not answer", "wants to restart the server",
    "may bring the documents", "must reply before Friday", "is going to review the second draft",
    "has not paid the open invoice", "forgot to reset the password", "will call back tomorrow",
    "may close this ticket", "would like to change the address on file", "was not available",
    "hopes for an early answer", "needs a replacement part", "has been moved to the third floor",
    "felt much better after the treatment", "complained about a headache", "asked for a refund",
    "is still waiting for the technician", "agreed to the new terms", "lost the key again",
    "arrived two hours late", "made a mark on the page", "took the early bus", "drove too fast",
    "signed the form without reading it", "had dinner at the station", "left a message",
    "was sold last spring", "does not work on the old model", "returned an empty list",
    "raised an error", "has improved a lot", "stayed the same", "could not be verified",
    "was approved yesterday", "will be discussed in the next meeting", "costs far too much",
    "has a crack in the screen", "keeps asking for the code", "grew by a third",
    "won the second round", "never came back", "is as good as new", "got a warning",
)  # fmt: skip
_TAILS = (
    "as agreed", "because the deadline is near", "if anything is wrong", "next week", "in May",
    "without further notice", "when the part arrives", "on Tuesday", "by the end of March",
    "according to the general terms", "at no extra cost", "for the time being", "since Monday",
    "after lunch", "on the second page", "in the same way as before", "for personal reasons",
    "under the usual conditions", "before the summer", "with great care", "every other day",
    "in the waiting room", "on the way home", "for the first time", "despite the rain",
    "while the line was busy", "in version two", "during the night", "until August", "",
)  # fmt: skip
_STARTS = ("", "", "", "Unfortunately ", "As you know, ", "However, ", "In short, ", "Today ",
           "Please note that ", "Last week ", "I think ", "It seems that ", "So ")  # fmt: skip
_OTHERS = (
    "What can we do about it?", "Could you please help me with this?", "Thank you very much.",
    "How long will it take?", "See you soon.", "This is not acceptable.", "Many thanks in advance.",
    "Is there a branch near the station?", "Any idea?", "Let me know what you think.",
    "Nothing else to report.", "It was a nice day.", "Where do I find the form?", "No problem.",
    "Have a great weekend!", "Sorry for the delay.", "What is the limit for cash withdrawals?",
    "Everything went fine.", "Two of them were broken.", "The doors open at nine.",
    "Vital signs are stable.", "Lungs clear to auscultation.", "No known allergies.",
    "The parties agree as follows.", "All rights reserved.", "Time is of the essence.",
)  # fmt: skip
_LOCAL = {
    "de": ("bitte senden Sie uns die Unterlagen.", "wir melden uns nächste Woche.",
           "die Lieferung verzögert sich leider.", "der Vertrag wurde im März geändert."),
    "fr": ("nous vous enverrons le dossier demain.", "le colis n'est pas arrivé.",
           "je vous prie de vérifier la facture.", "merci de votre réponse."),
    "es": ("le enviaremos los documentos mañana.", "el pedido no ha llegado todavía.",
           "por favor revise la factura.", "gracias por su respuesta."),
    "it": ("le invieremo i documenti domani.", "il pacco non è arrivato.",
           "la preghiamo di controllare la fattura.", "grazie per la risposta."),
    "nl": ("wij sturen u de documenten morgen toe.", "het pakket is niet aangekomen.",
           "controleer alstublieft de factuur.", "bedankt voor uw antwoord."),
    "pt": ("enviaremos os documentos amanhã.", "a encomenda ainda não chegou.",
           "por favor verifique a fatura.", "obrigado pela resposta."),
    "pl": ("wyślemy dokumenty jutro.", "paczka jeszcze nie dotarła.",
           "proszę sprawdzić fakturę.", "dziękujemy za odpowiedź."),
    "ru": ("мы отправим документы завтра.", "посылка ещё не пришла.",
           "пожалуйста, проверьте счёт.", "спасибо за ответ."),
    "uk": ("ми надішлемо документи завтра.", "посилка ще не прийшла.", "дякуємо за відповідь."),
    "el": ("θα στείλουμε τα έγγραφα αύριο.", "το δέμα δεν έφτασε ακόμα.",
           "ευχαριστούμε για την απάντηση."),
    "ar": ("سنرسل المستندات غدا.", "لم تصل الشحنة بعد.", "شكرا على ردكم."),
    "he": ("נשלח את המסמכים מחר.", "החבילה עדיין לא הגיעה.", "תודה על התשובה."),
    "zh": ("我们明天会寄出文件。", "包裹还没有到。", "请核对发票。", "谢谢您的回复。"),
    "ja": ("明日書類をお送りします。", "荷物はまだ届いていません。", "ご返信ありがとうございます。"),
    "ko": ("내일 서류를 보내드리겠습니다.", "소포가 아직 도착하지 않았습니다.", "답변 감사합니다."),
    "hi": ("हम कल दस्तावेज़ भेजेंगे।", "पार्सल अभी तक नहीं आया है।", "आपके उत्तर के लिए धन्यवाद।"),
}  # fmt: skip
SUBJECTS = (
    "Your claim", "Invoice overdue", "Lunch", "Contract renewal", "Delivery problem",
    "Quarterly report", "Change of address", "Complaint", "Test results", "Password reset",
    "Human Resources", "Rent", "Annual leave", "Open positions", "Budget", "Water damage",
    "Parking permit", "School trip", "Minutes of the meeting", "Product recall", "Warranty",
)  # fmt: skip
PRODUCTS = (
    "Laser Printer", "Galaxy", "toner", "router", "AX-4471", "Mercedes", "Widget Pro", "iPhone",
    "blender", "Kindle", "server rack", "Excel sheet", "Golf", "coffee machine", "SAP module",
    "Dyson vacuum", "Ford", "Levi's", "Philips lamp", "Siri", "Windows", "Jaguar", "Dell laptop",
    "Harley", "Tesla", "Chanel bag", "Barbie", "Bose speaker", "Ben & Jerry's", "Jack Daniel's",
    "bicycle", "winter tyres", "phone case", "desk", "Lego set", "Nikon", "Bluetooth headset",
)  # fmt: skip
LAWS = (
    "Data Protection Act", "General Data Protection Regulation", "Sarbanes-Oxley Act",
    "Fair Credit Reporting Act", "Dodd-Frank Act", "Americans with Disabilities Act",
    "Civil Code", "Housing Act 1988", "Companies Act 2006", "Freedom of Information Act",
    "Megan's Law", "Securities Act", "Clean Water Act", "Bundesdatenschutzgesetz",
)  # fmt: skip
MODULES = (
    "auth", "billing", "gateway", "mailer", "scheduler", "HttpServer", "TaskManager", "numpy",
    "OrderService", "kafka", "user_store", "NameNode", "BlockManager", "webpack", "redis", "cron",
    "PackageParser", "jersey", "ActivityManager", "nova.compute",
)  # fmt: skip
CODES = (
    "parseHeader", "do_retry", "User.findById", "malloc", "onClick", "getName", "first_name",
    "AddressBook", "set_person", "OrderCreated", "handle_request", "MapTask", "to_dict",
    "LastModified", "JohnDoeFactory", "merge_sort", "is_valid", "SmithWaterman", "FooBar",
)  # fmt: skip
WORDS = (
    "index", "report", "summer", "value", "items", "name", "rose", "path", "mark", "bill", "token",
    "grace", "config", "frank", "main", "limit", "hope", "target", "faith", "art", "output", "dean",
)  # fmt: skip
STATUSES = ("200", "404", "ok", "declined", "pending", "FAILED", "active", "high", "LOW", "done")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RELATIONS = ("wife", "husband", "son", "daughter", "mother", "father", "sister", "neighbour")


def sentence(rng: random.Random, language: str = "en") -> str:
    """One sentence without anything to find."""
    if language in _LOCAL:
        return rng.choice(_LOCAL[language])
    if rng.random() < 0.2:
        return rng.choice(_OTHERS)
    start, tail = rng.choice(_STARTS), rng.choice(_TAILS)
    subject = rng.choice(_SUBJECTS)
    text = f"{start}{subject} {rng.choice(_VERBS)}{' ' + tail if tail else ''}"
    return text[0].upper() + text[1:] + rng.choice((".", ".", ".", ".", "!", ", right?"))
