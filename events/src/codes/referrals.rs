//! How a referral is answered, and what it hands over.

super::codes! {
    /// Who declined a referral.
    DeclinedBy {
        /// The receiving service.
        Service,
        /// The person.
        Person,
    }

    /// Why a referral was declined (domain §5).
    DeclineReason {
        /// No place or time.
        NoCapacity,
        /// Another territory.
        OutsideArea,
        /// Another target.
        OutsideTarget,
        /// Something needed is not known.
        MissingInformation,
        /// Already in charge.
        AlreadyKnown,
        /// The person does not want it.
        PersonRefused,
        /// The person cannot be found.
        Unreachable,
        /// Another service is right.
        WrongService,
        /// Somebody would be in danger.
        Safety,
        /// Sent twice.
        Duplicate,
        /// The person's agreement is missing.
        NoConsent,
        /// Something else.
        Other,
    }

    /// What the sender should do after a refusal.
    NextStep {
        /// Ask the service named with the refusal.
        ReferElsewhere,
        /// Send again with what is missing.
        SendInformation,
        /// Try again later.
        RetryLater,
        /// Speak with the person first.
        TalkToPerson,
        /// Bring it to the next meeting.
        DiscussAtMeeting,
        /// Nothing to do: the person is served.
        NoneNeeded,
    }

    /// Which data a referral hands to the receiver. Only what is declared leaves.
    DatasetSection {
        /// Names, birth, contacts (held by the vault).
        Identity,
        /// How to reach the person.
        Contacts,
        /// The housing situation.
        Housing,
        /// The needs and their levels.
        Needs,
        /// The goals of the project.
        Project,
        /// Household composition.
        Household,
        /// Health facts, by the person's agreement.
        Health,
        /// Work, training, pacts.
        Labour,
    }
}
