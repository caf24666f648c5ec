//! How a person's data are told apart, for keys, permission and the access log.

super::codes! {
    /// How bad a housing deprivation or a need is for the network's planning.
    Sensitivity {
        /// Social-service data.
        Normal,
        /// Article 9 data: health and the like.
        Special,
        /// Court acts.
        Judicial,
        /// Known to its own service only.
        Sealed,
    }

    /// Under which of a person's keys something lies in the vault: each can be erased alone.
    Segment {
        /// Who she is.
        Identity,
        /// Where and how she is reached, and the secret address.
        Address,
        /// Notes of access and of the social service.
        Base,
        /// Notes of housing.
        Housing,
        /// Notes of food services.
        Food,
        /// Notes of labour services.
        Labour,
        /// Notes of the mental-health centre.
        Csm,
        /// Notes of the addiction service.
        Serd,
        /// What concerns her as a minor, and the court's acts.
        Minors,
        /// Her status as a migrant: in no report; for the team in charge and the registry office
        /// that was asked, and for nobody else (D.lgs. 286/98 art. 35).
        Status,
    }

    /// A class of a person's data, as the role table of domain §6 tells them apart. Permission is
    /// decided for each class, and a reading is logged with the classes that were shown.
    Section {
        /// Names, birth, sex as registered, tax code and other identifiers.
        Identity,
        /// Telephone and e-mail.
        Contact,
        /// Where she lives or can be met.
        Address,
        /// An address that nobody may learn but its manager.
        SecretAddress,
        /// The name under which a unit knows her.
        Alias,
        /// Languages she speaks, and her appointments with a mediator.
        Language,
        /// What is open: requests, referrals waiting for an answer, without their reasons.
        Requests,
        /// That services met her and when, without what for.
        Path,
        /// What she needs.
        Needs,
        /// Alerts for her safety or that of others.
        Safety,
        /// Nights, stays, waits.
        Housing,
        /// Virtual residence and mail.
        Mail,
        /// Card, points, size of the household, allergens.
        Food,
        /// Skills, availability, status of the labour pact.
        Labour,
        /// The personal project and its goals.
        Project,
        /// Means, ISEE.
        Means,
        /// The social service's notes and assessments.
        Diary,
        /// Notes that their author kept for herself and her organisation.
        PrivateNotes,
        /// Health, outside the two services below.
        Health,
        /// The care plan and the multidimensional assessment.
        CarePlan,
        /// The mental-health centre's data.
        Csm,
        /// The addiction service's data.
        Addiction,
        /// What concerns her as a minor.
        Minors,
        /// Acts of courts.
        Court,
        /// Her status as a migrant.
        Status,
        /// Who reported.
        Reporter,
    }
}
